package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.OBJECT;
import static dev.rookery.api.Shape.Kind.TEXT;
import static dev.rookery.api.Shape.Kind.TEXTS;
import static dev.rookery.api.Shape.Kind.TEXT_MAP;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.integrations.ChannelSetup;
import dev.rookery.integrations.Description;
import dev.rookery.integrations.Integration;
import dev.rookery.integrations.Integrations;
import dev.rookery.integrations.NewIntegration;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Connections to channels. What the other side refuses is not stored. */
final class IntegrationRoutes {
  private static final String INTEGRATION = "/api/v1/integrations/{id}";
  private static final Shape NEW_INTEGRATION =
      Shape.of(
          "NewIntegration",
          required("channel", TEXT, "type of the channel, such as telegram"),
          required("name", TEXT, "1 to 100 characters, unique"),
          optional("agents", TEXTS, "ids or handles it serves, the first by default; none = all"),
          optional("config", OBJECT, "open settings of the channel, such as mode or public_url"),
          optional("secrets", TEXT_MAP, "stored encrypted, never shown, such as bot_token"));

  private final Rooms.Domain domain;
  private final Map<String, ChannelSetup> setups;
  private final @Nullable String publicUrl;

  IntegrationRoutes(Rooms rooms, @Nullable String publicUrl) {
    this.domain = rooms.domain();
    this.setups =
        rooms.doors().setups().stream()
            .collect(Collectors.toMap(ChannelSetup::channel, Function.identity()));
    this.publicUrl = publicUrl;
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/integrations")
        .does("Lists integrations")
        .allows(Access.VIEWER)
        .answers(200, "IntegrationList")
        .by(call -> Reply.all(domain.integrations().list(call.org()).reversed(), this::view));
    routes
        .post("/api/v1/integrations")
        .does("Connects a channel; nothing is stored when the other side refuses")
        .allows(Access.ADMIN)
        .takes(NEW_INTEGRATION)
        .answers(201, "Integration")
        .by(this::create);
    routes
        .get(INTEGRATION)
        .does("Shows an integration, by id or name")
        .allows(Access.VIEWER)
        .answers(200, "Integration")
        .by(call -> Reply.ok(view(require(call))));
    routes
        .post(INTEGRATION + "/test")
        .does("Asks the other side how the connection fares")
        .changesNothing()
        .allows(Access.OPERATOR)
        .answers(200, "IntegrationTest")
        .by(this::test);
    routes
        .put(INTEGRATION + "/members/{user}")
        .does("Says that a user of the channel speaks for the organization, by the channel's id")
        .allows(Access.ADMIN)
        .answers(200, "Integration")
        .by(call -> member(call, true));
    routes
        .delete(INTEGRATION + "/members/{user}")
        .does("Says that a user of the channel does not speak for the organization any more")
        .allows(Access.ADMIN)
        .answers(200, "Integration")
        .by(call -> member(call, false));
  }

  private Reply member(Call call, boolean member) {
    IntegrationId id = require(call).id();
    return Reply.ok(
        view(domain.integrations().setMember(call.org(), id, call.path("user"), member)));
  }

  private Integration require(Call call) {
    return domain.integrations().require(call.org(), call.path("id"));
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_INTEGRATION);
    OrgId org = call.org();
    ChannelSetup setup = setup(body.text("channel"));
    NewIntegration wish =
        setup.complete(
            new NewIntegration(
                setup.channel(),
                body.text("name"),
                body.object("config"),
                body.textMap("secrets"),
                body.texts("agents").stream()
                    .map(agent -> domain.agents().require(org, agent).id())
                    .toList()));
    Integrations integrations = domain.integrations();
    Integration draft = integrations.draft(org, wish);
    ObjectNode config = draft.config().deepCopy();
    config.setAll(setup.connect(draft, webhook(draft)));
    return Reply.json(201, view(integrations.store(withConfig(draft, config))));
  }

  private static Integration withConfig(Integration draft, ObjectNode config) {
    return new Integration(
        draft.org(),
        draft.id(),
        draft.channel(),
        draft.name(),
        config,
        draft.sealed(),
        draft.agents(),
        draft.enabled());
  }

  private ChannelSetup setup(String channel) {
    ChannelSetup setup = setups.get(channel);
    if (setup == null) {
      throw Refusal.badInput(
          "unknown-channel",
          "'%s' is not a channel that can be connected; known are: %s.",
          Text.brief(Text.clean(channel), 40),
          setups.keySet().stream().sorted().collect(Collectors.joining(", ")));
    }
    return setup;
  }

  /** Where the other side reaches us, if it does. */
  private @Nullable URI webhook(Integration integration) {
    String own = integration.config().path("public_url").asText("");
    String url = own.isEmpty() ? publicUrl : own;
    if (url == null) {
      return null;
    }
    try {
      String bare = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      return URI.create(bare + path(integration.channel(), integration.id()));
    } catch (IllegalArgumentException e) {
      throw Refusal.badInput("bad-url", "'%s' is not a URL.", Text.brief(Text.clean(url), 80));
    }
  }

  private static String path(String channel, IntegrationId id) {
    return HookDoor.PREFIX + channel + "/" + id;
  }

  private Reply test(Call call) {
    Integration integration = require(call);
    ChannelSetup.Health health = setup(integration.channel()).test(integration);
    ObjectNode json = Json.object().put("ok", health.problem() == null);
    json.set("facts", health.facts());
    return Reply.ok(json.put("problem", health.problem()));
  }

  private ObjectNode view(Integration integration) {
    Description shown = domain.integrations().describe(integration);
    ObjectNode json =
        Json.object()
            .put("id", shown.id().value())
            .put("channel", shown.channel())
            .put("name", shown.name())
            .put("enabled", shown.enabled());
    var agents = json.putArray("agents");
    shown.agents().forEach(agent -> agents.add(agent.value()));
    json.set("config", shown.config());
    var secrets = json.putArray("secrets_set");
    shown.secretsSet().forEach(secrets::add);
    return json.put("webhook_path", path(shown.channel(), shown.id()))
        .put("created_at", Times.made(shown.id()));
  }
}
