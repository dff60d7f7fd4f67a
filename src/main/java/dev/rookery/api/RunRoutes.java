package dev.rookery.api;

import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.Activations;
import dev.rookery.agents.Agent;
import dev.rookery.delivery.Deliveries;
import dev.rookery.kernel.ActivationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.runs.Reruns;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import dev.rookery.runs.Runs;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs: what they did, and what a person decides about them. */
final class RunRoutes {
  static final Shape RESOLUTION =
      Shape.of(
          "Resolution",
          required("as", TEXT, "what became of it: it happened, do it again, or leave it")
              .oneOf("happened", "retry", "skip"));
  private static final String RUN = "/api/v1/runs/{id}";
  private static final int MAX_DELIVERIES = 200;

  private final Rooms rooms;
  private final Reruns reruns;

  RunRoutes(Rooms rooms) {
    this.rooms = rooms;
    this.reruns = RerunRoutes.reruns(rooms);
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/runs")
        .does("Lists runs")
        .allows(Access.VIEWER)
        .query("state", "queued, running, waiting_permission, done, failed or cancelled")
        .query("agent", "id or handle")
        .pages("RunList")
        .by(this::list);
    routes
        .get(RUN)
        .does("Shows a run with everything it did")
        .allows(Access.VIEWER)
        .answers(200, "RunDetail")
        .by(this::show);
    enterSteps(routes);
  }

  private void enterSteps(Routes routes) {
    routes
        .get(RUN + "/steps")
        .does("Lists the steps of a run, in order")
        .allows(Access.VIEWER)
        .answers(200, "StepList")
        .by(call -> Reply.all(steps(call), json -> json));
    routes
        .get(RUN + "/steps/{seq}")
        .does("Shows one step of a run")
        .allows(Access.VIEWER)
        .answers(200, "Step")
        .by(this::step);
    enterDecisions(routes);
  }

  private void enterDecisions(Routes routes) {
    routes
        .post(RUN + "/cancel")
        .does("Cancels a run; a run that is over stays as it is")
        .allows(Access.OPERATOR)
        .answers(200, "CancelResult")
        .by(this::cancel);
    routes
        .post(RUN + "/steps/{seq}/resolution")
        .does("Says what became of a step whose outcome is unknown; its run goes on")
        .allows(Access.OPERATOR)
        .takes(RESOLUTION)
        .answers(200, "Resolved")
        .by(this::resolve);
  }

  private static RunId id(Call call) {
    return call.id("run", "run", RunId::new);
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String agent = call.query("agent");
    Agent of = agent == null ? null : rooms.domain().agents().require(call.org(), agent);
    Runs.Query query =
        new Runs.Query(
            state(call.query("state")),
            of == null ? null : of.id(),
            call.before(RunId::new),
            limit + 1);
    List<Run> runs = rooms.flow().runs().list(call.org(), query);
    return Reply.page(runs, limit, run -> run.id().value(), RunView::of);
  }

  private static @Nullable RunState state(@Nullable String label) {
    return label == null ? null : oneOf("state", label, RunState.values());
  }

  /** A value of an enumeration, spelled in lower case in the query. */
  static <E extends Enum<E>> E oneOf(String parameter, String value, E[] values) {
    for (E candidate : values) {
      if (candidate.name().toLowerCase(Locale.ROOT).equals(value)) {
        return candidate;
      }
    }
    throw Refusal.badInput(
        "bad-parameter",
        "The parameter '%s' cannot be '%s'; it is one of: %s.",
        parameter,
        Text.brief(value, 40),
        Arrays.stream(values)
            .map(v -> v.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ")));
  }

  private Reply show(Call call) {
    return Reply.ok(whole(call.org(), id(call)));
  }

  /** A run with everything it did. */
  ObjectNode whole(OrgId org, RunId id) {
    Rooms.Flow flow = rooms.flow();
    Runs.Detail detail = flow.runs().detail(org, id);
    RunView.Around around =
        new RunView.Around(
            flow.deliveries().list(org, new Deliveries.Query(null, id, null, null, MAX_DELIVERIES)),
            flow.artifacts().ofRun(org, id),
            activations(org, detail),
            rooms.domain().spend().ofRun(org, id),
            again(detail.run()),
            rooms.waking().workers().of(org, id));
    return RunView.of(detail, around);
  }

  /** How its events were decided; that of a wish for it comes first. */
  private List<Activation> activations(OrgId org, Runs.Detail detail) {
    Activations activations = rooms.flow().activations();
    RunId id = detail.run().id();
    Stream<Activation> wished =
        detail.run().origin().rerun() == null
            ? Stream.empty()
            : activations.find(org, new ActivationId(detail.run().origin().activation())).stream();
    return Stream.concat(
            wished, detail.events().stream().flatMap(e -> activations.ofEvent(org, e).stream()))
        .filter(activation -> id.equals(activation.run()))
        .distinct()
        .toList();
  }

  private RunView.Again again(Run run) {
    Run.Rerun rerun = run.origin().rerun();
    return new RunView.Again(
        reruns.copies(run.org(), run),
        rerun == null ? List.of() : reruns.effects(run.org(), rerun.of(), rerun.fromStep()));
  }

  private Reply cancel(Call call) {
    String result =
        switch (rooms.flow().runs().cancel(call.org(), id(call), call.by())) {
          case CANCELLED -> "cancelled";
          case ALREADY_DONE -> "already_done";
        };
    return Reply.ok(Json.object().put("result", result));
  }

  private List<ObjectNode> steps(Call call) {
    Runs.Detail detail = rooms.flow().runs().detail(call.org(), id(call));
    Reruns.Copies copies = reruns.copies(call.org(), detail.run());
    return detail.steps().stream().map(step -> RunView.of(step, copies)).toList();
  }

  private Reply step(Call call) {
    List<ObjectNode> steps = steps(call);
    int seq = seq(call);
    if (seq < 1 || seq > steps.size()) {
      throw Refusal.notFound("step", Integer.toString(seq));
    }
    return Reply.ok(steps.get(seq - 1));
  }

  private static int seq(Call call) {
    try {
      return Integer.parseInt(call.path("seq"));
    } catch (NumberFormatException e) {
      throw Refusal.notFound("step", Text.clean(call.path("seq")));
    }
  }

  private Reply resolve(Call call) {
    String as = call.body(RESOLUTION).text("as");
    int seq = seq(call);
    Runs.Resolution resolution = Runs.Resolution.valueOf(as.toUpperCase(Locale.ROOT));
    rooms.flow().runs().resolve(call.org(), id(call), seq, resolution, call.by());
    return Reply.ok(Json.object().put("result", as));
  }
}
