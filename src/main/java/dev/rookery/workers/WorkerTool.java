package dev.rookery.workers;

import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ToolSpec;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Taint;
import dev.rookery.runs.Runs;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Built in: what workers an agent has, what they said, and an end to one; its own only. */
public final class WorkerTool implements Tool {
  /** So many are listed: those that are active, and the latest that are over. */
  private static final int LISTED = 200;

  private static final int SUMMARY = 300;
  private static final String ID =
      """
      {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
        "id": {"type": "string", "pattern": "^run_[0-9a-f]{32}$"}}}
      """;
  private static final String NOTHING =
      "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {}}";

  private enum Kind {
    LIST("Lists the workers that you started, in this conversation or another, the active first."),
    SHOW("Shows a worker that you started, with all it said."),
    CANCEL("Stops a worker that you started, with all that it started.");

    private final String description;

    Kind(String description) {
      this.description = description;
    }
  }

  private final Kind kind;
  private final ToolSpec spec;
  private final Supplier<Workers> workers;

  private WorkerTool(Kind kind, Supplier<Workers> workers) {
    this.kind = kind;
    this.workers = workers;
    this.spec =
        new ToolSpec(
            "worker_" + kind.name().toLowerCase(Locale.ROOT),
            kind.description,
            Json.parse(kind == Kind.LIST ? NOTHING : ID));
  }

  /**
   * {@code delegate}, {@code worker_list}, {@code worker_show}, {@code worker_cancel}.
   *
   * @param workers asked for when a tool is called, since runs are built after tools
   */
  public static List<Tool> all(Supplier<Workers> workers) {
    List<Tool> tools = new ArrayList<>(List.of(new DelegateTool(workers)));
    for (Kind kind : Kind.values()) {
      tools.add(new WorkerTool(kind, workers));
    }
    return tools;
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public EffectClass effectClass() {
    return kind == Kind.CANCEL ? EffectClass.KEYED : EffectClass.PURE;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(kind == Kind.CANCEL ? Capability.DELEGATE : Capability.INFO_READ);
  }

  /** To stop one tells nobody anything. */
  @Override
  public boolean staysInside(Caller caller) {
    return true;
  }

  /** What is listed is theirs who worked. */
  @Override
  public Taint taint(Call call) {
    return kind == Kind.CANCEL ? Taint.NONE : workers.get().taintOfAll(call.caller());
  }

  @Override
  public ToolResult call(Call call) {
    try {
      return ToolResult.ok(
          switch (kind) {
            case LIST -> listed(call.caller());
            case SHOW ->
                Json.write(workers.get().envelope(call.caller().org(), List.of(own(call))));
            case CANCEL -> cancelled(call);
          });
    } catch (Refusal refusal) {
      return ToolResult.error(refusal.getMessage() + " [" + refusal.code() + "]");
    }
  }

  private Worker own(Call call) {
    RunId id = new RunId(call.arguments().path("id").asText());
    Caller caller = call.caller();
    Worker worker = workers.get().find(caller.org(), id);
    if (!worker.kin().parentAgent().equals(caller.agent()) || id.equals(caller.run())) {
      throw new Refusal(
          Refusal.Kind.NOT_FOUND,
          "worker-not-found",
          "You have no worker " + id + "; see worker_list.");
    }
    return worker;
  }

  private String cancelled(Call call) {
    Worker worker = own(call);
    Caller caller = call.caller();
    Runs.Cancelled how =
        workers.get().cancel(caller.org(), worker.id(), "the agent, in " + caller.run());
    return switch (how) {
      case CANCELLED -> "Cancelled " + worker.id() + ".";
      case ALREADY_DONE -> worker.id() + " was over already.";
    };
  }

  private String listed(Caller caller) {
    List<Worker> all = workers.get().startedBy(caller.org(), caller.agent(), LISTED);
    return all.isEmpty()
        ? "You have started no workers."
        : Json.write(workers.get().brief(caller.org(), all, SUMMARY));
  }
}
