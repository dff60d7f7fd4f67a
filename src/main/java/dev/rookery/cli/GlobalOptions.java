package dev.rookery.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
final class GlobalOptions {
  /** The value of a {@code --json} that names no fields. */
  static final String ALL_FIELDS = "*";

  private static final int LAST = 1000;

  @Option(
      names = "--json",
      arity = "0..1",
      paramLabel = "<fields>",
      preprocessor = OnlyAttached.class,
      scope = ScopeType.INHERIT,
      order = LAST,
      description = "Print one JSON object; --json=id,state prints only these fields.")
  private @Nullable String json;

  @Option(
      names = "--json-lines",
      scope = ScopeType.INHERIT,
      order = LAST + 1,
      description = "Print one JSON object per line, for streams and lists.")
  private boolean jsonLines;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      order = LAST + 2,
      description = "Print ids only.")
  private boolean quiet;

  @Option(
      names = "--server",
      paramLabel = "<url>",
      scope = ScopeType.INHERIT,
      order = LAST + 3,
      description = "The server to talk to (default: ROOKERY_URL, else the one of the data dir).")
  private @Nullable String server;

  @Option(
      names = "--data-dir",
      paramLabel = "<dir>",
      scope = ScopeType.INHERIT,
      order = LAST + 4,
      description = "The data directory (default: ROOKERY_HOME, else ~/.rookery).")
  private @Nullable Path dataDir;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      order = LAST + 5,
      description = "No colour; as with NO_COLOR, or when the output is no terminal.")
  private boolean noColor;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      order = LAST + 6,
      description = "Show where an error came from.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      order = LAST + 7,
      description = "Show this help.")
  private boolean help;

  /** The fields asked for, {@link #ALL_FIELDS} for all, null when people read the output. */
  @Nullable String json() {
    return json;
  }

  boolean jsonLines() {
    return jsonLines;
  }

  boolean quiet() {
    return quiet;
  }

  @Nullable String server() {
    return server;
  }

  @Nullable Path dataDir() {
    return dataDir;
  }

  boolean noColor() {
    return noColor;
  }

  boolean verbose() {
    return verbose;
  }

  boolean help() {
    return help;
  }

  /** Takes {@code --json=x} but leaves the argument after a bare {@code --json} alone. */
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec arg, Map<String, Object> info) {
      if (!"=".equals(info.get("separator"))) {
        args.push(ALL_FIELDS);
      }
      return false;
    }
  }
}
