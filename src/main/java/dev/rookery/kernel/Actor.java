package dev.rookery.kernel;

import org.jspecify.annotations.Nullable;

/** On whose behalf something is done. Bound at the edges with {@link Acting}. */
public sealed interface Actor {
  /**
   * A program or person that calls the API.
   *
   * @param member whose key it is; null when it belongs to nobody
   */
  record ApiKey(KeyId key, String name, @Nullable MemberId member) implements Actor {}

  /** A member who signed in. */
  record Member(MemberId member, String name) implements Actor {}

  /**
   * Somebody in a channel, as the channel vouches for them.
   *
   * @param identity such as {@code telegram:int_…:17}
   */
  record Contact(String identity, String name) implements Actor {}

  /** An agent, in one of its runs. */
  record Agent(AgentId agent, RunId run) implements Actor {}

  /** The command line of the server's machine, without a key. */
  record CommandLine(String name) implements Actor {}

  /** Rookery itself; the name says which part. */
  record Inside(String name) implements Actor {}

  /** The spelling of its kind in the audit log. */
  default String kind() {
    return switch (this) {
      case ApiKey _ -> "key";
      case Member _ -> "member";
      case Contact _ -> "contact";
      case Agent _ -> "agent";
      case CommandLine _ -> "command_line";
      case Inside _ -> "system";
    };
  }

  /** What tells it from others of its kind; empty where there is one only. */
  default String id() {
    return switch (this) {
      case ApiKey key -> key.key().value();
      case Member member -> member.member().value();
      case Contact contact -> contact.identity();
      case Agent agent -> agent.agent().value();
      case CommandLine _, Inside _ -> "";
    };
  }

  /** For people; of an agent its run. */
  default String called() {
    return switch (this) {
      case ApiKey key -> key.name();
      case Member member -> member.name();
      case Contact contact -> contact.name();
      case Agent agent -> agent.run().value();
      case CommandLine line -> line.name();
      case Inside inside -> inside.name();
    };
  }

  /** As journal and conversation say it. */
  default String spoken() {
    return switch (this) {
      case ApiKey key -> "API key '" + key.name() + "'";
      case Member member -> member.name();
      case Contact contact -> contact.identity() + " (" + contact.name() + ")";
      case Agent agent -> "agent " + agent.agent() + " in " + agent.run();
      case CommandLine line -> line.name();
      case Inside inside -> inside.name();
    };
  }
}
