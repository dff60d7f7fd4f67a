package dev.rookery.policy;

import dev.rookery.policy.Grant.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides on one call (spec 02, approvals): deny, then ask, then allow; specificity and order never
 * matter; what no rule names asks, and is denied when nobody is there. Of several demands of a call
 * the strictest ruling holds.
 */
public final class PolicyDecider {
  private PolicyDecider() {}

  /** The ruling on the call. Takes microseconds, and touches nothing. */
  public static Ruling decide(Ruleset rules, Action action, Circumstances now) {
    return decide(rules, action, now, false);
  }

  /** As {@link #decide}, with every command of a line and what is said about it. */
  public static Ruling explain(Ruleset rules, Action action, Circumstances now) {
    return decide(rules, action, now, true);
  }

  private static Ruling decide(Ruleset rules, Action action, Circumstances now, boolean explain) {
    Grant denied = rules.deny().broad(action.tool(), action.capabilities());
    if (denied != null) {
      return Ruling.by(denied, "the tool " + action.tool());
    }
    Grant asked = rules.ask().broad(action.tool(), action.capabilities());
    Grant allowed = rules.allow().broad(action.tool(), action.capabilities());
    Ruling strictest = null;
    List<Ruling.Part> parts = new ArrayList<>();
    for (Demand demand : action.demands()) {
      Ruling ruling =
          demand instanceof Demand.Command(String line)
              ? new CommandRules(rules, now, asked, allowed).decide(line, explain)
              : on(rules, demand, now, new Broad(action.tool(), asked, allowed));
      parts.addAll(ruling.parts());
      if (strictest == null || ruling.verdict().compareTo(strictest.verdict()) > 0) {
        strictest = ruling;
      }
    }
    Ruling ruling = tainted(strictest == null ? none(now, action) : strictest, action, now);
    return parts.isEmpty() ? ruling : ruling.with(parts);
  }

  private static Ruling none(Circumstances now, Action action) {
    return Ruling.nobody(now, "No rule names the tool " + action.tool());
  }

  /** Rules on every call of the tool. */
  private record Broad(String tool, @Nullable Grant asked, @Nullable Grant allowed) {}

  private static Ruling on(Ruleset rules, Demand demand, Circumstances now, Broad broad) {
    Grant denied = rules.deny().typed(demand);
    if (denied != null) {
      return Ruling.by(denied, words(demand, broad.tool()));
    }
    Grant asked = broad.asked() == null ? rules.ask().typed(demand) : broad.asked();
    if (asked != null) {
      return Ruling.by(asked, words(demand, broad.tool()));
    }
    Grant allowed = broad.allowed() == null ? rules.allow().typed(demand) : broad.allowed();
    return allowed != null
        ? Ruling.by(allowed, words(demand, broad.tool()))
        : Ruling.nobody(now, "No rule names " + words(demand, broad.tool()));
  }

  private static String words(Demand demand, String tool) {
    return switch (demand) {
      case Demand.Plain() -> "the tool " + tool;
      case Demand.Command(String line) -> "the command " + line;
      case Demand.FileRead(String path) -> "reading " + path;
      case Demand.FileWrite(String path) -> "writing " + path;
      case Demand.FileTree(String path, boolean written) ->
          (written ? "writing " : "reading ") + path + " and all below";
      case Demand.Http(String method, String host, int port, String path) ->
          method + " " + host + ":" + port + path;
      case Demand.Send(String channel, String to) -> "a message to " + to + " by " + channel;
      case Demand.Mcp(String server, String other) -> other + " of the server " + server;
    };
  }

  /** Somebody's words must not steer somebody's data out, whatever is allowed otherwise. */
  private static Ruling tainted(Ruling ruling, Action action, Circumstances now) {
    if (!ruling.allows() || !now.taint().both() || !action.leavesTheRun()) {
      return ruling;
    }
    return new Ruling(
        Verdict.ASK,
        ruling.rule(),
        "The run holds words of strangers and private data, and "
            + action.tool()
            + " may carry that elsewhere, so a person decides although '"
            + ruling.rule()
            + "'.",
        ruling.parts());
  }
}
