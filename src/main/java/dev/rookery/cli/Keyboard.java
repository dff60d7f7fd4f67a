package dev.rookery.cli;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lines that a person types, read beside what happens meanwhile: one, each time it is asked for.
 */
final class Keyboard {
  private final Terminal terminal;

  Keyboard(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The next line, once it is there; empty at the end of the input. */
  CompletableFuture<Optional<String>> line(String prompt) {
    CompletableFuture<Optional<String>> line = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("keyboard")
        .start(
            () -> {
              try {
                line.complete(Optional.ofNullable(terminal.readLine(prompt)));
              } catch (RuntimeException e) {
                line.completeExceptionally(e);
              }
            });
    return line;
  }
}
