package dev.rookery.cli;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Ctrl-C, where it should not end the process at once. The JDK has no other door to it than {@code
 * sun.misc.Signal} of its module {@code jdk.unsupported}, which javac warns about when it is named;
 * where it is missing, Ctrl-C ends the process as it does anyway.
 */
final class Interrupts {
  private Interrupts() {}

  /**
   * Has Ctrl-C do this from now on, in a thread of its own.
   *
   * @return false when it goes on ending the process
   */
  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself alone
  static boolean handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler handling =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "Ctrl-C";
              };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, handling);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Object interrupt =
          lookup
              .findConstructor(signal, MethodType.methodType(void.class, String.class))
              .invoke("INT");
      lookup
          .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
          .invokeWithArguments(interrupt, proxy);
      return true;
    } catch (Throwable _) {
      return false;
    }
  }
}
