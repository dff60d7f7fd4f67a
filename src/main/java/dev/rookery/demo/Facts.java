package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.TreeMap;

/** What {@code --json} tells besides counts. */
final class Facts {
  private Facts() {}

  static ObjectNode of(Hands hands) {
    ObjectNode json = Json.object();
    switch (hands.sandboxed()) {
      case Sandboxed.Shown shown -> {
        ObjectNode sandbox =
            json.putObject("sandbox").put("tier", shown.tier()).put("attested", shown.attested());
        sandbox.set("attestation", shown.attestation());
      }
      case Sandboxed.NotShown(String why) -> json.put("sandbox", "unavailable: " + why);
    }
    json.putObject("approval")
        .put("after_restart", hands.permission().afterRestart() > 0)
        .put("answered", hands.permission().answered());
    schedule(hands.punctuality(), json.putObject("schedule"));
    json.putObject("cancel")
        .put(
            "run_over_ms", hands.stops().stream().mapToLong(Hands.Stop::overMillis).max().orElse(0))
        .put(
            "process_group_dead_ms",
            hands.stops().stream()
                .map(Hands.Stop::deadMillis)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null));
    Hands.Purse purse = hands.purse();
    ObjectNode budget = json.putObject("budget");
    budget.set("limit", amount(purse.first().limit()));
    budget.set("spent", amount(purse.first().spent()));
    budget.set("raised_to", amount(purse.raised().limit()));
    budget.set("spent_in_all", amount(purse.raised().spent()));
    return json;
  }

  private static void schedule(Punctuality found, ObjectNode json) {
    json.put("every_ms", found.every().toMillis())
        .put("expected", found.expected())
        .put("down", found.down());
    ObjectNode verdicts = json.putObject("verdicts");
    new TreeMap<>(found.verdicts()).forEach(verdicts::put);
    json.put("doubled", found.doubled())
        .put("unaccounted", found.unaccounted())
        .put("messages", found.messages());
  }

  private static DecimalNode amount(long micros) {
    return DecimalNode.valueOf(BigDecimal.valueOf(micros, 6).stripTrailingZeros());
  }

  static String dollars(long micros) {
    BigDecimal exact = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
    return "$" + exact.setScale(Math.max(2, exact.scale())).toPlainString();
  }
}
