package dev.rookery.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code rookery} without a command is. */
@Command(
    name = "rookery",
    description = "Durable AI agents: every message, tick, dollar and side effect accounted for.",
    versionProvider = Root.Version.class,
    footer = {
      "  rookery up                              start the server",
      "  rookery chat rook                       talk to an agent",
      "  rookery runs list --json=id,state       what happened, for a program",
    })
final class Root implements Callable<Integer> {
  private final Context context;

  @Mixin private final GlobalOptions options;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  Root(Context context) {
    this.context = context;
    this.options = context.options();
  }

  boolean version() {
    return version;
  }

  GlobalOptions options() {
    return options;
  }

  @Override
  public Integer call() {
    CommandTree.whole(context).usage(context.terminal().err());
    return Exit.USAGE;
  }

  /** Reads the version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"rookery " + Program.version()};
    }
  }
}
