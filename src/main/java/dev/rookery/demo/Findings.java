package dev.rookery.demo;

import java.util.List;

/**
 * What was counted in the end, each number from where it cannot be wished for: the journal, the
 * API, the tools' own ledger, and the chat.
 */
record Findings(
    List<Fate> messages,
    Door door,
    Steps steps,
    List<ToolUse> tools,
    Chronicle journal,
    Unknown unknown,
    List<Crash> crashes,
    Hands hands) {
  Findings {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    crashes = List.copyOf(crashes);
  }

  /**
   * What became of one message.
   *
   * @param wantsReply false for one that is to wake nobody
   * @param acknowledged how many of its deliveries were answered 2xx
   * @param runsFinished those in the state done
   */
  record Fate(
      String name,
      boolean wantsReply,
      int acknowledged,
      int events,
      int runs,
      int runsFinished,
      int replies) {
    /** Acknowledged, and then not worked off. */
    boolean lost() {
      return acknowledged > 0
          && (events == 0 || (wantsReply && (runsFinished == 0 || replies == 0)));
    }
  }

  /**
   * What the webhook endpoint turned away.
   *
   * @param expectedDuplicates deliveries after the first of each message
   * @param duplicates those it recorded as such
   * @param forgedStatus what the delivery with a wrong secret was answered
   * @param createdByForged events, runs and replies that it left
   */
  record Door(int expectedDuplicates, int duplicates, int forgedStatus, int createdByForged) {}

  /**
   * Steps of all runs.
   *
   * @param repeated how often a finished step was started or finished again
   * @param interrupted how often a step was started that the kill had interrupted
   */
  record Steps(int expected, int finished, int repeated, int interrupted) {}

  /** How often a tool was called, asked about earlier calls, and took effect. */
  record ToolUse(
      String name, String effectClass, int expectedEffects, int effects, int calls, int lookups) {}

  /**
   * The journal read anew from its beginning.
   *
   * @param missing numbers that no entry has
   * @param changed entries that read differently before a kill
   */
  record Chronicle(int entries, int missing, int changed) {}

  /** Outcomes that nobody knows, which a person would have to decide. */
  record Unknown(int steps, int deliveries) {}

  /**
   * One SIGKILL and the start after it.
   *
   * @param exitCode of the killed process; 137 is 128 + SIGKILL
   * @param recoveredMillis from the new start until what was under way could go on
   */
  record Crash(int exitCode, long recoveredMillis) {}
}
