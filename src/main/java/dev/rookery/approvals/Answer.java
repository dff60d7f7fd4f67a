package dev.rookery.approvals;

/** What a person says to a request. */
public sealed interface Answer {
  /** This call, now. */
  record AllowOnce() implements Answer {}

  /** This call now, and the same tool with the same arguments for the same agent from now on. */
  record AllowAlways() implements Answer {}

  /** Not. The model is told, with the words (may be empty), and the run goes on. */
  record Deny(String words) implements Answer {}

  /**
   * This call with other arguments.
   *
   * @param arguments canonical JSON
   */
  record Edit(String arguments) implements Answer {}

  /** As stored and shown. */
  default String label() {
    return switch (this) {
      case AllowOnce _ -> "allow_once";
      case AllowAlways _ -> "allow_always";
      case Deny _ -> "deny";
      case Edit _ -> "edit";
    };
  }
}
