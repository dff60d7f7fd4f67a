package dev.rookery.activation;

/** What a relevance gate said about one event and one policy. */
public sealed interface GateAnswer {
  /** Not asked yet. */
  GateAnswer UNASKED = new Unasked();

  /** Not asked yet. */
  record Unasked() implements GateAnswer {}

  /**
   * The agent should respond.
   *
   * @param why the gate's own words, on one line; may quote what strangers wrote
   */
  record Respond(String why) implements GateAnswer {}

  /**
   * The agent stays silent: the gate said so, or there is no answer of it that can be used.
   *
   * @param code {@code pass} when the gate said so; {@code claimed}, {@code gate-unreadable},
   *     {@code gate-timeout}, {@code gate-failed}, {@code gate-no-money}, {@code gate-no-model}
   *     otherwise
   * @param why one line
   */
  record Pass(String code, String why) implements GateAnswer {}
}
