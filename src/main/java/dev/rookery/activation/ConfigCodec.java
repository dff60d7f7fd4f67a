package dev.rookery.activation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Relevance;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.List;

/**
 * A trigger's settings to and from JSON. Settings of triggers whose room is elsewhere are carried
 * as they are; that room refuses what it does not know.
 */
final class ConfigCodec {
  private static final String ALLOW_BOTS = "allow_bots";
  private static final String ON_EDIT = "on_edit";
  private static final String DELAY = "delay_ms";
  private static final String ABOUT = "about";
  private static final String EXCLUSIVE = "exclusive";
  private static final List<String> OURS = List.of(ALLOW_BOTS, ON_EDIT, ABOUT, EXCLUSIVE);
  private static final List<String> OURS_IN_AMBIENT =
      List.of(ALLOW_BOTS, ON_EDIT, ABOUT, EXCLUSIVE, DELAY);
  private static final int MAX_DETAILS = 131_072;

  private ConfigCodec() {}

  static Config read(Trigger trigger, JsonSpot spot) {
    if (!spot.node().isObject()) {
      throw spot.refuse("bad-value", "expected an object, found " + spot.found() + ".");
    }
    switch (trigger) {
      case MENTION, ALWAYS -> spot.onlyFields(OURS);
      case AMBIENT -> spot.onlyFields(OURS_IN_AMBIENT);
      case EVENT, MANUAL -> spot.onlyFields(List.of(ALLOW_BOTS, ABOUT, EXCLUSIVE));
      case WEBHOOK, INTERVAL, CRON, DAILY, ONCE, PROGRAM_REVIEW -> {}
    }
    ObjectNode details = spot.node().deepCopy();
    details.remove(trigger == Trigger.AMBIENT ? OURS_IN_AMBIENT : OURS);
    String text = Json.canonical(details);
    if (text.length() > MAX_DETAILS) {
      throw spot.refuse(
          "bad-value", "the settings are longer than " + MAX_DETAILS + " characters.");
    }
    return new Config(flag(spot, ALLOW_BOTS), flag(spot, ON_EDIT), relevance(trigger, spot), text);
  }

  private static Relevance relevance(Trigger trigger, JsonSpot spot) {
    JsonSpot delay = trigger == Trigger.AMBIENT ? spot.field(DELAY) : null;
    JsonSpot about = spot.field(ABOUT);
    return new Relevance(
        delay == null ? Relevance.DEFAULT.delay() : Duration.ofMillis(delay.wholeNumber()),
        about == null ? "" : about.text(Relevance.MAX_ABOUT),
        flag(spot, EXCLUSIVE));
  }

  /** Only what differs from the defaults. */
  static ObjectNode write(Config config) {
    ObjectNode json = (ObjectNode) Json.parse(config.details());
    Relevance relevance = config.relevance();
    if (config.allowBots()) {
      json.put(ALLOW_BOTS, true);
    }
    if (config.onEdit()) {
      json.put(ON_EDIT, true);
    }
    if (!relevance.delay().equals(Relevance.DEFAULT.delay())) {
      json.put(DELAY, relevance.delay().toMillis());
    }
    if (!relevance.about().isEmpty()) {
      json.put(ABOUT, relevance.about());
    }
    return relevance.exclusive() ? json.put(EXCLUSIVE, true) : json;
  }

  private static boolean flag(JsonSpot spot, String name) {
    JsonSpot field = spot.field(name);
    return field != null && field.bool();
  }
}
