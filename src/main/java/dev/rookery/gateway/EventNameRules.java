package dev.rookery.gateway;

/** How records of the journal are called in protocol 2. Every record has exactly one name. */
final class EventNameRules {
  /** Words of a model as they come; the only event that is not a record. */
  static final String TOKEN = "run.token";

  private EventNameRules() {}

  /**
   * @param kind of the record
   * @param tool whether it is about a step that calls a tool
   * @param done whether it is about a run that is done
   */
  static String of(String kind, boolean tool, boolean done) {
    return switch (kind) {
      case "run.finished" -> done ? "run.final" : "run.error";
      case "step.started" -> tool ? "run.tool_call" : "run.log";
      case "step.finished", "step.unknown" -> tool ? "run.tool_result" : "run.log";
      case "approval.requested" -> "permission.request";
      case "approval.allowed", "approval.denied", "approval.expired", "approval.cancelled" ->
          "permission.response";
      default -> ofRoom(kind);
    };
  }

  private static String ofRoom(String kind) {
    if (kind.startsWith("run.")) {
      return "run.status";
    }
    return kind.startsWith("step.") ? "run.log" : "journal.entry";
  }
}
