package dev.rookery.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the bytes of one thing go: a file, or stdout. */
final class OutputFile {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "<file>",
      description = "Write to this file instead of stdout; one that is there is replaced.")
  private @Nullable Path file;

  /** The file; null for stdout. */
  @Nullable Path file() {
    return file;
  }

  /** On a terminal, text without what would obey itself; else the bytes as they are. */
  void write(Context context, byte[] bytes) {
    if (file != null) {
      write(file, bytes);
      context
          .output()
          .note("%d bytes are in %s.".formatted(bytes.length, Glyphs.line(file.toString())));
      return;
    }
    PrintStream out = context.terminal().out();
    if (context.terminal().interactive()) {
      new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> context.output().line(Glyphs.line(line)));
    } else {
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new CliFailure(
          Exit.FAILED,
          "%s cannot be written (%s). Choose another file with -o."
              .formatted(Glyphs.line(file.toString()), e.getClass().getSimpleName()));
    }
  }
}
