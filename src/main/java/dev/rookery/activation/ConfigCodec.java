package dev.rookery.activation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.Json;
import java.util.List;

/**
 * A trigger's settings to and from JSON. Settings of triggers whose room is elsewhere are carried
 * as they are; that room refuses what it does not know.
 */
final class ConfigCodec {
  private static final String ALLOW_BOTS = "allow_bots";
  private static final String ON_EDIT = "on_edit";
  private static final int MAX_DETAILS = 131_072;

  private ConfigCodec() {}

  static Config read(Trigger trigger, JsonSpot spot) {
    if (!spot.node().isObject()) {
      throw spot.refuse("bad-value", "expected an object, found " + spot.found() + ".");
    }
    switch (trigger) {
      case MENTION, ALWAYS -> spot.onlyFields(List.of(ALLOW_BOTS, ON_EDIT));
      case EVENT, MANUAL -> spot.onlyFields(List.of(ALLOW_BOTS));
      case AMBIENT, WEBHOOK, INTERVAL, CRON, DAILY, ONCE, PROGRAM_REVIEW -> {}
    }
    ObjectNode details = spot.node().deepCopy();
    details.remove(List.of(ALLOW_BOTS, ON_EDIT));
    String text = Json.canonical(details);
    if (text.length() > MAX_DETAILS) {
      throw spot.refuse(
          "bad-value", "the settings are longer than " + MAX_DETAILS + " characters.");
    }
    return new Config(flag(spot, ALLOW_BOTS), flag(spot, ON_EDIT), text);
  }

  static ObjectNode write(Config config) {
    ObjectNode json = (ObjectNode) Json.parse(config.details());
    if (config.allowBots()) {
      json.put(ALLOW_BOTS, true);
    }
    return config.onEdit() ? json.put(ON_EDIT, true) : json;
  }

  private static boolean flag(JsonSpot spot, String name) {
    JsonSpot field = spot.field(name);
    return field != null && field.bool();
  }
}
