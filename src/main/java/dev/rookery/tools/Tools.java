package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.egress.GuardedClient;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.ToolId;
import dev.rookery.policy.Grants;
import dev.rookery.policy.Ruleset;
import dev.rookery.secrets.Vault;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What agents can call: the built-in tools and those that organizations define over HTTP. */
public final class Tools {
  private final Database database;
  private final Journal journal;
  private final Wire wire;
  private final Grants grants;
  private final List<Tool> builtins;

  /** How defined tools reach the other side. */
  public record Wire(Vault vault, GuardedClient client) {}

  /**
   * @param builtins offered to every organization, under names that none can define anew
   */
  public Tools(Database database, Journal journal, Wire wire, Grants grants, List<Tool> builtins) {
    this.database = database;
    this.journal = journal;
    this.wire = wire;
    this.grants = grants;
    this.builtins = List.copyOf(builtins);
  }

  /**
   * A new, enabled tool. No agent may call it before it is granted.
   *
   * @throws Refusal {@code tool-exists} when the name is taken, also by a built-in tool
   */
  public DefinedTool create(OrgId org, NewTool wish) {
    ToolId id = ToolId.next();
    String name = wish.spec().name();
    Map<String, String> sealed = new HashMap<>();
    wish.secretHeaders()
        .forEach(
            (header, value) ->
                sealed.put(header, wire.vault().seal(DefinedTool.secret(org, id, header), value)));
    DefinedTool tool =
        new DefinedTool(org, id, wish.spec(), wish.endpoint(), sealed, wish.effectClass(), true);
    return database.write(
        org,
        tx -> {
          if (isBuiltin(name) || ToolStore.insert(tx, org, tool) == 0) {
            throw new Refusal(
                Refusal.Kind.CONFLICT,
                "tool-exists",
                "There is a tool '" + name + "' already; choose another name.");
          }
          var data =
              Json.object()
                  .put("name", name)
                  .put("effect_class", tool.effectClass().name())
                  .put("host", tool.endpoint().url().getHost());
          journal.append(tx, org, new JournalEntry("tool.created", id.value(), null, data));
          return tool;
        });
  }

  private boolean isBuiltin(String name) {
    return builtins.stream().anyMatch(tool -> tool.spec().name().equals(name));
  }

  /** Those the organization defined, by name. */
  public List<DefinedTool> list(OrgId org) {
    return database.read(org, tx -> ToolStore.all(tx, org));
  }

  /** Those that come with Rookery. */
  public List<Tool> builtins() {
    return builtins;
  }

  /**
   * The defined tool of this id or name.
   *
   * @throws Refusal {@code tool-not-found}
   */
  public DefinedTool require(OrgId org, String idOrName) {
    return database
        .read(org, tx -> ToolStore.find(tx, org, idOrName))
        .orElseThrow(() -> Refusal.notFound("tool", idOrName));
  }

  /**
   * A disabled tool is offered to no agent.
   *
   * @throws Refusal {@code tool-not-found}
   */
  public DefinedTool setEnabled(OrgId org, ToolId id, boolean enabled) {
    return database.write(
        org,
        tx -> {
          ToolStore.setEnabled(tx, org, id, enabled);
          DefinedTool tool =
              ToolStore.find(tx, org, id.value())
                  .orElseThrow(() -> Refusal.notFound("tool", id.value()));
          var data = Json.object().put("name", tool.spec().name()).put("enabled", enabled);
          journal.append(tx, org, new JournalEntry("tool.updated", id.value(), null, data));
          return tool;
        });
  }

  /**
   * What of the arguments does not fit the tool's schema; empty when all fits.
   *
   * @param name of a built-in tool or one that the organization defined
   */
  public String violations(Tx tx, OrgId org, String name, JsonNode arguments) {
    Stream<Tool> defined =
        ToolStore.all(tx, org).stream()
            .map(tool -> new HttpTool(tool, wire.vault(), wire.client()));
    return Stream.concat(builtins.stream(), defined)
        .filter(tool -> tool.spec().name().equals(name))
        .findFirst()
        .map(tool -> Arguments.violations(tool, arguments))
        .orElse("there is no tool '" + name + "' any more");
  }

  /**
   * What the agent sees: built-in and enabled tools of which some rule allows or asks a call, and
   * none denies all. Whether an exact call may happen is decided when it is made.
   */
  public List<Tool> forAgent(OrgId org, AgentId agent) {
    return database.read(
        org,
        tx -> {
          Ruleset rules = grants.ruleset(tx, org, agent);
          return all(tx, org)
              .filter(tool -> rules.offers(tool.spec().name(), tool.capabilities()))
              .toList();
        });
  }

  /** Everything that can be called in the organization, built-in tools first. */
  public List<Tool> all(OrgId org) {
    return database.read(org, tx -> all(tx, org).toList());
  }

  private Stream<Tool> all(Tx tx, OrgId org) {
    Stream<Tool> defined =
        ToolStore.all(tx, org).stream()
            .filter(DefinedTool::enabled)
            .map(tool -> new HttpTool(tool, wire.vault(), wire.client()));
    return Stream.concat(builtins.stream(), defined);
  }
}
