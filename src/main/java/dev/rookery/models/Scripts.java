package dev.rookery.models;

import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The scripts of this node, read at first use and again when their file changed. */
final class Scripts {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final String BUILT_IN = "default-script.yaml";

  private record Loaded(@Nullable FileTime changed, ScriptedModel model) {}

  private final ModelSettings settings;
  private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

  Scripts(ModelSettings settings) {
    this.settings = settings;
  }

  boolean exists(String name) {
    Path file = file(name);
    return file != null && Files.isRegularFile(file);
  }

  /**
   * @param name empty for the installation's script
   * @throws Refusal {@code bad-script}, {@code model-not-configured}
   */
  ScriptedModel named(String name) {
    Path file = file(name);
    if (file == null && !name.isEmpty()) {
      throw Refusal.badInput("model-not-configured", "There is no script of that name.");
    }
    Loaded model =
        loaded.compute(
            name,
            (_, known) -> {
              FileTime changed = changed(file);
              boolean fresh = known != null && Objects.equals(known.changed(), changed);
              return known != null && fresh ? known : new Loaded(changed, load(file));
            });
    return model.model();
  }

  private @Nullable Path file(String name) {
    if (name.isEmpty()) {
      return settings.script();
    }
    Path directory = settings.scripts();
    boolean named = NAME.matcher(name).matches();
    return directory == null || !named ? null : directory.resolve(name + ".yaml");
  }

  private static @Nullable FileTime changed(@Nullable Path file) {
    if (file == null) {
      return null;
    }
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private ScriptedModel load(@Nullable Path file) {
    Script script =
        file == null
            ? ScriptReader.read(BUILT_IN, builtIn())
            : ScriptReader.read(String.valueOf(file.getFileName()), text(file));
    return new ScriptedModel(script, settings.limits().stall());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static Refusal unreadable(Path file, IOException e) {
    return Refusal.badInput(
        "bad-script", "The script %s cannot be read (%s).", file, e.getClass().getSimpleName());
  }

  private static String builtIn() {
    try (InputStream in = Scripts.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException("the built-in script is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
