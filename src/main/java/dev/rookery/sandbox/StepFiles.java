package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.posix.SpawnFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of the commands of runs: {@code ~/.rookery/steps/<run>-<seq>/rc} with the exit code
 * and {@code out} with the output, so that a later server can say how a step ended.
 *
 * <p>The agent can write its own home, so it can forge both. It gains nothing: the directory is
 * emptied before the step starts, it is asked for only while the journal says that this very step
 * was started and has no result, and all that follows from it is what the model is told about a
 * command whose output the model's own commands decide anyway. No permission rests on it.
 */
final class StepFiles implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StepFiles.class);
  private static final Pattern CODE = Pattern.compile("(\\d{1,3})(?: ([a-z]+))?\n");
  private static final int KEPT = 200;
  private static final int ROOM_FOR_A_NOTE = 200;

  private final SafeDirectory directory;
  private final OutputStream output;
  private final long limit;
  private long written;

  private StepFiles(SafeDirectory directory, long limit) {
    this.directory = directory;
    this.limit = limit + ROOM_FOR_A_NOTE;
    this.output = directory.create("out");
  }

  /** Makes the step's directory, empty. */
  static StepFiles begin(AgentHome home, StepRef step, long limit) {
    try (SafeDirectory top = SafeDirectory.of(home);
        SafeDirectory ours = top.make(".rookery");
        SafeDirectory steps = ours.make("steps")) {
      prune(steps);
      SafeDirectory directory = steps.make(step.directory());
      try {
        directory.remove("rc");
        return new StepFiles(directory, limit);
      } catch (RuntimeException e) {
        directory.close();
        throw e;
      }
    }
  }

  /** Ids of runs begin with their time, so the first names are the oldest. */
  private static void prune(SafeDirectory steps) {
    try {
      List<String> names = steps.names();
      for (String name : names.subList(0, Math.max(0, names.size() - KEPT))) {
        try (SafeDirectory old = steps.find(name)) {
          if (old != null) {
            old.remove("rc");
            old.remove("out");
          }
        }
        steps.removeDirectory(name);
      }
    } catch (IOException | SpawnFailure e) {
      log.debug("old steps stay in an agent's home: {}", e.toString());
    }
  }

  void write(byte[] bytes, int length) {
    int fits = (int) Math.min(length, limit - written);
    if (fits <= 0) {
      return;
    }
    try {
      output.write(bytes, 0, fits);
      written += fits;
    } catch (IOException e) {
      // Nothing else tells the model; the exit code still counts.
      log.warn("the output of a step is not recorded any more: {}", e.toString());
      written = limit;
    }
  }

  /** Records what the command itself could not: that it was ended, or its code after a signal. */
  void finish(Outcome outcome) {
    try {
      switch (outcome) {
        case Outcome.Exit(int code) -> {
          if (read(directory, 0) == null) {
            record(code + "\n");
          }
        }
        case Outcome.Killed(var why, _) -> record(why.code() + " " + label(why) + "\n");
        case Outcome.LostContact _ -> directory.remove("rc");
      }
    } catch (IOException | SpawnFailure e) {
      log.warn("the exit code of a step is not recorded: {}", e.toString());
    }
  }

  private static String label(Outcome.Why why) {
    return why.name().toLowerCase(Locale.ROOT);
  }

  private void record(String line) throws IOException {
    try (OutputStream file = directory.create("rc")) {
      file.write(line.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** How the step ended, if its command could say so; null when nobody knows. */
  static @Nullable Recorded lookUp(AgentHome home, StepRef step, int tail) {
    return in(home, step, directory -> read(directory, tail));
  }

  /** Looks something up in the directory of a step. */
  private interface Look<T> {
    @Nullable T in(SafeDirectory directory) throws IOException;
  }

  private static <T> @Nullable T in(AgentHome home, StepRef step, Look<T> look) {
    try (SafeDirectory top = SafeDirectory.of(home);
        SafeDirectory ours = top.find(".rookery");
        SafeDirectory steps = ours == null ? null : ours.find("steps");
        SafeDirectory directory = steps == null ? null : steps.find(step.directory())) {
      return directory == null ? null : look.in(directory);
    } catch (IOException | SpawnFailure e) {
      log.warn("the record of a step cannot be read; it counts as unknown: {}", e.toString());
      return null;
    }
  }

  private static @Nullable Recorded read(SafeDirectory directory, int tail) throws IOException {
    Tail line = directory.tail("rc", 64);
    Matcher code =
        CODE.matcher(line == null ? "" : new String(line.bytes(), StandardCharsets.US_ASCII));
    if (!code.matches()) {
      return null;
    }
    Tail output = directory.tail("out", tail);
    return new Recorded(
        Integer.parseInt(code.group(1)), code.group(2), output == null ? Tail.EMPTY : output);
  }

  /** What the step wrote so far. */
  static Tail output(AgentHome home, StepRef step, int tail) {
    Tail output = in(home, step, directory -> directory.tail("out", tail));
    return output == null ? Tail.EMPTY : output;
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException e) {
      log.warn("the output of a step may not be recorded whole: {}", e.toString());
    } finally {
      directory.close();
    }
  }
}
