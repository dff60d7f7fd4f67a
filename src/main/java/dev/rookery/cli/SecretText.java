package dev.rookery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Secrets come from a file, stdin, a variable or a hidden prompt; never from an argument. */
final class SecretText {
  private SecretText() {}

  /**
   * Where one secret may come from.
   *
   * @param option such as {@code --token-file}
   * @param variable of the environment, such as TELEGRAM_BOT_TOKEN
   */
  record Source(String what, String option, String variable) {}

  /**
   * @param file the option's value; {@code -} is stdin, null asks the variable, then the person
   * @throws CliFailure usage, when there is no secret anywhere
   */
  static String read(Terminal terminal, Source source, @Nullable String file) {
    String variable = terminal.env(source.variable());
    String text =
        file != null
            ? ofFile(terminal, file)
            : variable != null ? variable : terminal.readSecret(source.what() + ": ");
    if (text == null || text.isBlank()) {
      throw CliFailure.usage(
          "There is no %s. Give it with %s <file> (- is stdin) or in %s."
              .formatted(source.what(), source.option(), source.variable()));
    }
    return text.strip();
  }

  /** The text of a file, or of stdin for {@code -}. */
  static String ofFile(Terminal terminal, String file) {
    if (file.equals("-")) {
      return terminal.readAll();
    }
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw CliFailure.usage("The file %s cannot be read (%s).".formatted(file, e));
    }
  }
}
