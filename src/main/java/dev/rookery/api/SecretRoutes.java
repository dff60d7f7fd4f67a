package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;
import static dev.rookery.api.Shape.Kind.TEXTS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.secrets.NewSecret;
import dev.rookery.secrets.Secret;
import dev.rookery.secrets.SecretPlace;
import dev.rookery.secrets.Secrets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Named secrets, which agents use and never see. A value goes in and is never shown. */
final class SecretRoutes {
  private static final String SECRET = "/api/v1/secrets/{id}";
  private static final Shape NEW_SECRET =
      Shape.of(
          "NewSecret",
          required("name", TEXT, "as in {{secret:NAME}}: letters, digits and _, at most 64"),
          required("hosts", TEXTS, "to which alone it is sent: api.example.org or *.example.org"),
          required(
              "place", TEXT, "where alone it stands: header:<name>, query:<name>, body:<field>"),
          optional("prefix", TEXT, "written before the value, such as 'Bearer '"),
          required("value", TEXT, "8 to 4096 printable ASCII characters; stored encrypted"),
          optional("agents", TEXTS, "ids or handles that may use it; all if not given"));
  private static final Shape NEW_VALUE =
      Shape.of("NewSecretValue", required("value", TEXT, "replaces the value; the rest stays"));

  private final Secrets secrets;
  private final Rooms.Domain domain;

  SecretRoutes(Rooms rooms) {
    this.secrets = rooms.ground().secrets();
    this.domain = rooms.domain();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/secrets")
        .does("Lists secrets, without their values")
        .allows(Access.VIEWER)
        .answers(200, "SecretList")
        .by(call -> Reply.all(secrets.list(call.org()), SecretRoutes::view));
    routes
        .post("/api/v1/secrets")
        .does("Keeps a secret, bound to hosts and to a place in requests")
        .allows(Access.ADMIN)
        .takes(NEW_SECRET)
        .answers(201, "Secret")
        .by(this::create);
    routes
        .put(SECRET)
        .does("Gives a secret, by name, a new value")
        .allows(Access.ADMIN)
        .takes(NEW_VALUE)
        .answers(200, "Secret")
        .by(this::rotate);
    routes
        .delete(SECRET)
        .does("Forgets a secret, by name")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::remove);
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_SECRET);
    NewSecret wish =
        new NewSecret(
            body.text("name"),
            body.texts("hosts").stream().map(HostPattern::new).toList(),
            SecretPlace.of(body.text("place")),
            body.text("prefix", ""),
            body.text("value"),
            agents(call.org(), body));
    return Reply.json(201, view(secrets.create(call.org(), wish)));
  }

  private @Nullable List<AgentId> agents(OrgId org, Fields body) {
    return body.has("agents")
        ? body.texts("agents").stream().map(a -> domain.agents().require(org, a).id()).toList()
        : null;
  }

  private Reply rotate(Call call) {
    String value = call.body(NEW_VALUE).text("value");
    return Reply.ok(view(secrets.rotate(call.org(), call.path("id"), value)));
  }

  private Reply remove(Call call) {
    secrets.remove(call.org(), call.path("id"));
    return Reply.nothing();
  }

  private static ObjectNode view(Secret secret) {
    ObjectNode json = Json.object().put("name", secret.name());
    var hosts = json.putArray("hosts");
    secret.hosts().forEach(host -> hosts.add(host.text()));
    json.put("place", secret.place().toString()).put("prefix", secret.prefix());
    List<AgentId> agents = secret.agents();
    if (agents == null) {
      json.putNull("agents");
    } else {
      var named = json.putArray("agents");
      agents.forEach(agent -> named.add(agent.value()));
    }
    return json.put("created_at", Times.of(secret.createdAt()))
        .put("updated_at", Times.of(secret.updatedAt()));
  }
}
