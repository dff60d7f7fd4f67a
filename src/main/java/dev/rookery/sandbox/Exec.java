package dev.rookery.sandbox;

import dev.rookery.kernel.Refusal;
import dev.rookery.sandbox.confinement.Limits;
import dev.rookery.sandbox.confinement.Network;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One command to run.
 *
 * @param session name of the shell session that it continues, for shell commands; null for none
 * @param directory where it starts, below the home or absolute inside; null for the session's own
 * @param environment besides the usual variables
 * @param input what it reads; empty for nothing
 * @param step null for commands that no run asked for
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record Exec(
    Command command,
    @Nullable String session,
    @Nullable String directory,
    Map<String, String> environment,
    byte[] input,
    Limits limits,
    Network network,
    @Nullable StepRef step) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  public Exec {
    environment = Map.copyOf(environment);
    input = input.clone();
    if (session != null && !NAME.matcher(session).matches()) {
      throw Refusal.badInput(
          "bad-session",
          "A session's name is 1 to 64 letters, digits, dots, dashes or underscores.");
    }
    if (directory != null && directory.indexOf('\0') >= 0) {
      throw Refusal.badInput("bad-directory", "A directory's name holds no NUL.");
    }
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (!VARIABLE.matcher(variable.getKey()).matches()
          || variable.getValue().indexOf('\0') >= 0) {
        throw Refusal.badInput("bad-environment", "This is no environment variable of a shell.");
      }
    }
    if (command instanceof Command.Argv(var arguments)
        && arguments.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
      throw Refusal.badInput("bad-command", "An argument holds no NUL.");
    }
  }

  /** A shell command in the home, with the usual limits and no network. */
  public static Exec shell(String line) {
    return of(new Command.Shell(line));
  }

  public static Exec of(Command command) {
    return new Exec(command, null, null, Map.of(), new byte[0], Limits.USUAL, Network.OFF, null);
  }

  public Exec in(@Nullable String changedSession, @Nullable String changedDirectory) {
    return new Exec(
        command, changedSession, changedDirectory, environment, input, limits, network, step);
  }

  public Exec with(Limits changed) {
    return new Exec(command, session, directory, environment, input, changed, network, step);
  }

  public Exec with(Network changed) {
    return new Exec(command, session, directory, environment, input, limits, changed, step);
  }

  public Exec with(StepRef changed) {
    return new Exec(command, session, directory, environment, input, limits, network, changed);
  }

  public Exec with(Map<String, String> changed) {
    return new Exec(command, session, directory, changed, input, limits, network, step);
  }

  public Exec reading(byte[] changed) {
    return new Exec(command, session, directory, environment, changed, limits, network, step);
  }

  @Override
  public byte[] input() {
    return input.clone();
  }

  byte[] rawInput() {
    return input;
  }
}
