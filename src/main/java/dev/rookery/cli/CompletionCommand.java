package dev.rookery.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code completion}. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footer = {
      "  rookery completion > ~/.local/share/bash-completion/completions/rookery",
      "  autoload -U +X bashcompinit && bashcompinit && source <(rookery completion)   (zsh)",
    })
final class CompletionCommand implements Callable<Integer> {
  private final Context context;

  CompletionCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.terminal().out().print(AutoComplete.bash("rookery", CommandTree.whole(context)));
    return Exit.OK;
  }
}
