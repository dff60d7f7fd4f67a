package dev.rookery.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command that outlives the run which started it.
 *
 * @param id {@code bgt_…}, also the name of its record in the home
 * @param step that started it
 * @param startedAt epoch milliseconds
 */
public record BackgroundTask(
    String id,
    AgentId agent,
    StepRef step,
    String command,
    State state,
    Ending ending,
    long startedAt) {

  /** Where it stands. The last three are final. */
  public enum State {
    RUNNING,
    /** Ended by itself. */
    DONE,
    /** Ended by Rookery: stopped, timed out, too much memory. */
    KILLED,
    /** The server that ran it was killed, and it with it; nobody saw how it ended. */
    LOST;

    /** As stored and shown. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /** How it ended; all null while it runs. */
  public record Ending(@Nullable Integer code, @Nullable String detail, @Nullable Long at) {
    static final Ending NONE = new Ending(null, null, null);
  }

  public RunId run() {
    return step.run();
  }

  /** {@code {id, run, command, state, exit_code, detail, started_at, ended_at}}. */
  public ObjectNode json() {
    return Json.object()
        .put("id", id)
        .put("run", run().value())
        .put("command", command)
        .put("state", state.label())
        .put("exit_code", ending.code())
        .put("detail", ending.detail())
        .put("started_at", startedAt)
        .put("ended_at", ending.at());
  }
}
