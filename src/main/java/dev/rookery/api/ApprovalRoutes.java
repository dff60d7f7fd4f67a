package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.OBJECT;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.agents.Agent;
import dev.rookery.approvals.Answer;
import dev.rookery.approvals.Approval;
import dev.rookery.approvals.Approvals;
import dev.rookery.kernel.ApprovalId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import java.util.List;

/** Requests for a person's decision, and the decisions. */
final class ApprovalRoutes {
  private static final String APPROVAL = "/api/v1/approvals/{id}";
  private static final Shape ANSWER =
      Shape.of(
          "ApprovalAnswer",
          required("answer", TEXT, "what the person decides")
              .oneOf("allow_once", "allow_always", "deny", "edit"),
          optional("words", TEXT, "for deny: what the model is told, at most 2,000 characters"),
          optional("arguments", OBJECT, "for edit: the arguments to use instead"),
          optional(
              "sha256", TEXT, "of the call as it was shown; refused when it is another one now"));

  private static final String DESK_PATH = "/api/v1/approval-desk";
  private static final Shape DESK =
      Shape.of("NewApprovalDesk", required("conversation", TEXT, "key of the conversation"));

  private final Rooms rooms;
  private final Approvals approvals;

  ApprovalRoutes(Rooms rooms) {
    this.rooms = rooms;
    this.approvals = rooms.flow().approvals();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/approvals")
        .does("Lists requests for a person's decision")
        .allows(Access.VIEWER)
        .query("state", "pending, allowed, denied, expired or cancelled")
        .query("run", "id of a run")
        .query("agent", "id or handle")
        .pages("ApprovalList")
        .by(this::list);
    routes
        .get(APPROVAL)
        .does("Shows a request with the exact call and its preview")
        .allows(Access.VIEWER)
        .answers(200, "Approval")
        .by(call -> Reply.ok(view(approvals.find(call.org(), id(call)))));
    routes
        .post(APPROVAL + "/answer")
        .does("Answers a request; the first answer holds, the same again is accepted")
        .allows(Access.OPERATOR)
        .takes(ANSWER)
        .answers(200, "Approval")
        .by(this::answer);
    enterStanding(routes);
    enterDesk(routes);
  }

  private void enterStanding(Routes routes) {
    routes
        .get("/api/v1/standing-approvals")
        .does("Lists calls that a person allowed for always")
        .allows(Access.VIEWER)
        .answers(200, "StandingApprovalList")
        .by(call -> Reply.all(approvals.standing(call.org()), ApprovalRoutes::view));
    routes
        .delete("/api/v1/standing-approvals/{id}")
        .does("Takes back what was allowed for always")
        .allows(Access.OPERATOR)
        .answers(204, null)
        .by(this::revoke);
  }

  private void enterDesk(Routes routes) {
    routes
        .get(DESK_PATH)
        .does("Shows the conversation in which people are asked, if all are asked in one")
        .allows(Access.VIEWER)
        .answers(200, "ApprovalDesk")
        .by(this::desk);
    routes
        .put(DESK_PATH)
        .does("Has all requests sent to one conversation")
        .allows(Access.ADMIN)
        .takes(DESK)
        .answers(200, "ApprovalDesk")
        .by(this::setDesk);
    routes
        .delete(DESK_PATH)
        .does("Has requests sent to the conversation that woke the run")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::removeDesk);
  }

  private Reply desk(Call call) {
    return Reply.ok(Json.object().put("conversation", approvals.desk(call.org()).orElse(null)));
  }

  private Reply setDesk(Call call) {
    approvals.setDesk(call.org(), call.body(DESK).text("conversation"), call.by());
    return desk(call);
  }

  private Reply removeDesk(Call call) {
    approvals.setDesk(call.org(), null, call.by());
    return Reply.nothing();
  }

  private static ApprovalId id(Call call) {
    return call.id("approval", "apr", ApprovalId::new);
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String state = call.query("state");
    String run = call.query("run");
    String agent = call.query("agent");
    Agent of = agent == null ? null : rooms.domain().agents().require(call.org(), agent);
    Approvals.Query query =
        new Approvals.Query(
            state == null ? null : RunRoutes.oneOf("state", state, Approval.State.values()),
            run == null ? null : new RunId(run),
            of == null ? null : of.id(),
            call.before(ApprovalId::new),
            limit + 1);
    List<Approval> found = approvals.list(call.org(), query);
    return Reply.page(found, limit, approval -> approval.id().value(), ApprovalRoutes::view);
  }

  private Reply answer(Call call) {
    Fields body = call.body(ANSWER);
    Approval answered =
        approvals.answer(call.org(), id(call), answer(body), body.textOrNull("sha256"), call.by());
    return Reply.ok(view(answered));
  }

  private static Answer answer(Fields body) {
    return switch (body.text("answer")) {
      case "allow_once" -> new Answer.AllowOnce();
      case "allow_always" -> new Answer.AllowAlways();
      case "edit" -> edit(body);
      default -> new Answer.Deny(body.text("words", "").strip());
    };
  }

  private static Answer edit(Fields body) {
    if (!body.has("arguments")) {
      throw Refusal.badInput(
          "missing-field", "An edit needs the field 'arguments', the arguments to use instead.");
    }
    return new Answer.Edit(Json.canonical(body.object("arguments")));
  }

  private Reply revoke(Call call) {
    approvals.revoke(call.org(), id(call), call.by());
    return Reply.nothing();
  }

  static ObjectNode view(Approval approval) {
    Approval.Subject subject = approval.subject();
    ObjectNode json =
        Json.object()
            .put("id", approval.id().value())
            .put("state", approval.state().label())
            .put("run", subject.run().value())
            .put("step", subject.step())
            .put("agent", subject.agent().value())
            .put("conversation", subject.conversation())
            .put("tool", approval.call().tool());
    json.set("arguments", Json.parse(approval.call().arguments()));
    json.put("sha256", approval.call().sha256())
        .put("rule", approval.asked().rule())
        .put("why", approval.asked().why())
        .put("preview", approval.asked().preview())
        .put("created_at", Times.of(approval.times().created()))
        .put("deadline", Times.of(approval.times().deadline()))
        .put("on_expiry", "deny");
    Approval.Decision decision = approval.decision();
    if (decision != null) {
      json.put("answer", decision.answer().label())
          .put("by", decision.by())
          .put("answered_at", Times.of(decision.at()));
      switch (decision.answer()) {
        case Answer.Deny(var words) -> json.put("words", words);
        case Answer.Edit(var arguments) -> json.set("edited_arguments", Json.parse(arguments));
        case Answer.AllowOnce _, Answer.AllowAlways _ -> {}
      }
    }
    return json;
  }

  private static ObjectNode view(Approvals.Standing standing) {
    ObjectNode json =
        Json.object()
            .put("id", standing.approval().value())
            .put("agent", standing.agent().value())
            .put("tool", standing.tool());
    json.set("arguments", Json.parse(standing.arguments()));
    return json.put("by", standing.by()).put("since", Times.of(standing.since()));
  }
}
