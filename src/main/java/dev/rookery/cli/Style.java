package dev.rookery.cli;

import java.util.Locale;

/** Colour where it is wanted. It only underlines what the words say already. */
record Style(boolean colour) {

  /** What a word means, shown as a colour. */
  enum Tone {
    PLAIN(""),
    GOOD("32"),
    WARN("33"),
    BAD("31"),
    DIM("2"),
    STRONG("1");

    private final String code;

    Tone(String code) {
      this.code = code;
    }

    /** The tone of a state's or verdict's name. */
    static Tone of(String word) {
      return switch (word.toLowerCase(Locale.ROOT)) {
        case "done", "sent", "ok", "woke", "yes", "dispatched", "ready", "on" -> GOOD;
        case "running", "waiting_permission", "warn", "unknown", "sending", "pending", "paused" ->
            WARN;
        case "failed", "fail", "dead", "revoked", "expired" -> BAD;
        case "cancelled", "skipped", "no", "info", "disabled", "-" -> DIM;
        default -> PLAIN;
      };
    }
  }

  String paint(String text, Tone tone) {
    return !colour || tone == Tone.PLAIN || text.isEmpty()
        ? text
        : "\u001b[" + tone.code + "m" + text + "\u001b[0m";
  }
}
