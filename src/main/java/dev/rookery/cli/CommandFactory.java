package dev.rookery.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/** Makes commands: ours take the context, those of other rooms take nothing. */
record CommandFactory(Context context) implements CommandLine.IFactory {
  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type.getPackageName().equals(CommandFactory.class.getPackageName())) {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Context.class) {
          return type.cast(constructor.newInstance(context));
        }
      }
    }
    return CommandLine.defaultFactory().create(type);
  }
}
