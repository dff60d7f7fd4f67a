package dev.rookery.cli;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What the commands of one process share. Parts are made when first used: a start is short. */
final class Context {
  private final Terminal terminal;
  private final InstantSource clock;
  private final GlobalOptions options = new GlobalOptions();
  private @Nullable Api api;

  Context(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  Terminal terminal() {
    return terminal;
  }

  GlobalOptions options() {
    return options;
  }

  InstantSource clock() {
    return clock;
  }

  LocalFiles files() {
    return LocalFiles.of(options, terminal);
  }

  Api api() {
    if (api == null) {
      api = new Api(() -> Address.find(options, terminal, files()));
    }
    return api;
  }

  Style style() {
    boolean plain = options.noColor() || terminal.env().containsKey("NO_COLOR");
    return new Style(terminal.interactive() && !plain && !"dumb".equals(terminal.env("TERM")));
  }

  Output output() {
    return new Output(terminal, options, style(), clock);
  }
}
