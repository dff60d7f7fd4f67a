package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Kind.BOOLEAN;
import static dev.rookery.api.Shape.Kind.OBJECT;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.inbox.Inbox;
import dev.rookery.inbox.Ingress;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.webhooks.Webhooks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The webhooks of policies: their URLs and secrets, a test, and what was delivered. */
final class HookRoutes {
  private static final Shape ROTATE =
      Shape.of(
          "RotateHook",
          optional("token", BOOLEAN, "whether it gets another URL; true if not given"),
          optional("secret", BOOLEAN, "whether it gets another signing secret; true if not given"),
          optional("signing_secret", TEXT, "the one that the caller's side dictates"));
  private static final Shape TEST =
      Shape.of("TestHook", optional("payload", OBJECT, "what is delivered; a sample if not given"));

  private final Rooms rooms;
  private final @Nullable String publicUrl;

  HookRoutes(Rooms rooms, @Nullable String publicUrl) {
    this.rooms = rooms;
    this.publicUrl = publicUrl;
  }

  void enter(Routes routes) {
    routes
        .get(ActivationRoutes.POLICY + "/hook")
        .does("Shows the webhook of a policy, without its token and its secret")
        .allows(Access.VIEWER)
        .answers(200, "Hook")
        .by(this::show);
    routes
        .post(ActivationRoutes.POLICY + "/hook")
        .does("Gives a webhook another URL, another signing secret, or both; shown this once")
        .allows(Access.OPERATOR)
        .takes(ROTATE)
        .answers(200, "IssuedHook")
        .by(this::rotate);
    routes
        .post(ActivationRoutes.POLICY + "/hook/test")
        .does("Delivers a sample as a caller would, signed if need be")
        .allows(Access.OPERATOR)
        .takes(TEST)
        .answers(200, "HookTest")
        .by(this::test);
    routes
        .get(ActivationRoutes.POLICY + "/deliveries")
        .does("Lists what was delivered to a webhook, rejected deliveries too, with the decisions")
        .allows(Access.VIEWER)
        .pages("HookDeliveryList")
        .by(this::deliveries);
  }

  private Webhooks webhooks() {
    return rooms.waking().webhooks();
  }

  private Reply show(Call call) {
    Webhooks.Described shown = webhooks().describe(call.org(), ActivationRoutes.id(call));
    return Reply.ok(
        Json.object()
            .put("signature", shown.signature().spelled())
            .put("url_set", shown.token())
            .put("secret_set", shown.secret())
            .put("issued_at", Times.of(shown.rotatedAt())));
  }

  private Reply rotate(Call call) {
    OrgId org = call.org();
    PolicyId id = ActivationRoutes.id(call);
    webhooks().describe(org, id);
    Fields body = call.body(ROTATE);
    Webhooks.Wish wish =
        new Webhooks.Wish(
            body.flag("token", true),
            body.flag("secret", true) || body.has("signing_secret"),
            body.textOrNull("signing_secret"));
    return Reply.ok(issued(webhooks().rotate(org, id, wish, call.by())));
  }

  /** Seen once, by the one who made it. */
  ObjectNode issued(Webhooks.Issued issued) {
    String path = issued.path();
    return Json.object()
        .put("path", path)
        .put("url", path == null || publicUrl == null ? null : bare(publicUrl) + path)
        .put("signing_secret", issued.secret());
  }

  private static String bare(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private Reply test(Call call) {
    OrgId org = call.org();
    PolicyId id = ActivationRoutes.id(call);
    webhooks().describe(org, id);
    Fields body = call.body(TEST);
    ObjectNode payload =
        body.has("payload")
            ? body.object("payload")
            : Json.object().put("test", true).put("sent_by", call.by());
    Inbox.Answer answer = webhooks().door().test(org, id, payload);
    Inbox.Accepted accepted = answer.accepted().isEmpty() ? null : answer.accepted().getFirst();
    return Reply.ok(
        Json.object()
            .put("status", answer.status())
            .put("code", answer.code())
            .put("event", accepted == null ? null : accepted.event().value()));
  }

  private Reply deliveries(Call call) {
    int limit = call.limit();
    String before = call.before(HookRoutes::ingressId);
    List<Webhooks.Delivery> items =
        webhooks().deliveries(call.org(), ActivationRoutes.id(call), before, limit + 1);
    return Reply.page(items, limit, item -> item.ingress().id(), HookRoutes::view);
  }

  private static String ingressId(String value) {
    Ids.check("ing", value);
    return value;
  }

  private static ObjectNode view(Webhooks.Delivery delivery) {
    Ingress ingress = delivery.ingress();
    Activation activation = delivery.activation();
    ObjectNode json =
        Json.object()
            .put("id", ingress.id())
            .put("at", Times.made(ingress.id()))
            .put("door", ingress.decision())
            .put("code", ingress.code())
            .put("event", ingress.event() == null ? null : ingress.event().value())
            .put("decision", activation == null ? null : activation.decision());
    if (activation == null) {
      return json.put("why", ingress.why()).putNull("run");
    }
    return json.put("why", activation.reason().sentence())
        .put("run", activation.run() == null ? null : activation.run().value());
  }
}
