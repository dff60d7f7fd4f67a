package dev.rookery.spend;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;

/** Whose spending a budget limits. */
public sealed interface Scope {
  /** Everybody's of the organization. */
  record Organization() implements Scope {}

  record OfAgent(AgentId agent) implements Scope {}

  /**
   * What is done for somebody.
   *
   * @param identity of the sender as the channel knows it, such as {@code telegram:123}
   */
  record OfContact(String identity) implements Scope {
    public OfContact {
      check("contact", identity);
    }
  }

  record OfProgram(String program) implements Scope {
    public OfProgram {
      check("program", program);
    }
  }

  /** One run with everything it delegates. */
  record OfRunTree(RunId root) implements Scope {}

  /** Each run with everything it delegates, separately. */
  record EachRunTree() implements Scope {}

  /** As stored and shown. */
  default String label() {
    return switch (this) {
      case Organization _ -> "org";
      case OfAgent _ -> "agent";
      case OfContact _ -> "contact";
      case OfProgram _ -> "program";
      case OfRunTree _ -> "run_tree";
      case EachRunTree _ -> "each_run_tree";
    };
  }

  /** Id or name of whom it is about; empty when that says the label. */
  default String subject() {
    return switch (this) {
      case Organization _, EachRunTree _ -> "";
      case OfAgent(var agent) -> agent.value();
      case OfContact(var identity) -> identity;
      case OfProgram(var program) -> program;
      case OfRunTree(var root) -> root.value();
    };
  }

  /** For people: {@code agent agt_…}. */
  default String words() {
    return switch (this) {
      case Organization _ -> "the organization";
      case EachRunTree _ -> "each run";
      case OfAgent _, OfContact _, OfProgram _ -> label() + " " + subject();
      case OfRunTree _ -> "run " + subject();
    };
  }

  /**
   * @param subject ignored where the label says all
   * @throws Refusal {@code bad-budget}, {@code bad-id}
   */
  static Scope of(String label, String subject) {
    return switch (label) {
      case "org" -> new Organization();
      case "agent" -> new OfAgent(new AgentId(subject));
      case "contact" -> new OfContact(subject);
      case "program" -> new OfProgram(subject);
      case "run_tree" -> new OfRunTree(new RunId(subject));
      case "each_run_tree" -> new EachRunTree();
      default ->
          throw Refusal.badInput(
              "bad-budget",
              "There is no scope '%s'; it is one of: org, agent, contact, program, run_tree,"
                  + " each_run_tree.",
              Text.brief(Text.clean(label), 40));
    };
  }

  private static void check(String what, String name) {
    if (name.isBlank() || name.length() > 200 || !Text.clean(name).equals(name)) {
      throw Refusal.badInput(
          "bad-budget", "A budget of a %s names it, with 1 to 200 characters.", what);
    }
  }
}
