package dev.rookery.activation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a filter may look at: a field of the event's envelope, or a place in its payload. */
public sealed interface Field {
  /** The spelling in JSON: an envelope name, or {@code /payload} and a JSON pointer below it. */
  String spelled();

  /** Fields every event has, such as {@code actor.kind}. */
  enum Envelope implements Field {
    SOURCE,
    TYPE,
    ACTOR_KIND,
    ACTOR_ID,
    ACTOR_NAME,
    CONVERSATION,
    RESOURCE,
    TEXT,
    DIRECT,
    ADDRESSED,
    COMMAND,
    TRUST;

    @Override
    public String spelled() {
      return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The field of this spelling, or null. */
    public static @Nullable Envelope of(String spelled) {
      for (Envelope field : values()) {
        if (field.spelled().equals(spelled)) {
          return field;
        }
      }
      return null;
    }
  }

  /**
   * A place in the payload.
   *
   * @param pointer RFC 6901, relative to the payload; empty for the payload itself
   */
  record Payload(String pointer) implements Field {
    static final String PREFIX = "/payload";

    @Override
    public String spelled() {
      return PREFIX + pointer;
    }
  }
}
