package dev.rookery.runs;

import java.util.Locale;

/**
 * Why a run did not succeed (spec 02). Each has a sentence for the conversation with the next step.
 */
public enum FailureReason {
  MODEL_AUTH("the model provider refused the key. An operator should check the provider's API key"),
  MODEL_RATE_LIMITED("the model provider kept limiting requests. Try again later"),
  MODEL_UNAVAILABLE("the model provider could not be reached. Try again later"),
  MODEL_CONTEXT_OVERFLOW("the conversation is too long for the model. Send /clear to start afresh"),
  MODEL_BAD_OUTPUT("the model's answers could not be used. Try again, or choose another model"),
  TOOL_FAILED("a tool failed"),
  SANDBOX_UNAVAILABLE("the sandbox is not available"),
  PERMISSION_DENIED("it was not permitted"),
  PERMISSION_EXPIRED("nobody answered the request for permission in time"),
  BUDGET_EXHAUSTED("the budget is used up"),
  UNKNOWN_OUTCOME("nobody could say whether an action happened"),
  DEADLINE("it took longer than it may. Ask for less at once, or raise the deadline"),
  CANCELLED("it was cancelled"),
  LOST_LEASE("the node that worked on it disappeared too often"),
  BUG("of an error inside Rookery. An operator finds the details in the log");

  private final String sentence;

  FailureReason(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
