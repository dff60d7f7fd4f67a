package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Time zones by the names of the IANA database. */
public final class Zones {
  private static final int LONGEST_NAME = 80;
  private static final int NEAR = 3;

  private Zones() {}

  /**
   * A zone by its exact name, such as {@code Europe/Berlin} or {@code UTC}.
   *
   * @throws Refusal {@code unknown-zone}, with near names
   */
  public static ZoneId of(String name) {
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(name)) {
      throw unknown(name);
    }
    return ZoneId.of(name);
  }

  /** Offsets such as {@code +02:00} are no places: they would ignore every change of the clock. */
  static void check(ZoneId zone) {
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(zone.getId())) {
      throw unknown(zone.getId());
    }
  }

  /** The rules as they are now: a zone id may hold older ones. */
  static ZoneRules rules(ZoneId zone) {
    return ZoneRulesProvider.getRules(zone.getId(), false);
  }

  private static Refusal unknown(String name) {
    List<String> near = name.length() > LONGEST_NAME ? List.of() : near(fold(name));
    return Refusal.badInput(
        "unknown-zone",
        "There is no time zone '%s'. %s",
        Text.brief(Text.clean(name), LONGEST_NAME),
        near.isEmpty()
            ? "Give an IANA name such as Europe/Berlin or UTC."
            : "Did you mean " + String.join(" or ", near) + "?");
  }

  private static List<String> near(String wanted) {
    record Near(String name, int distance) {}
    return ZoneRulesProvider.getAvailableZoneIds().stream()
        .map(name -> new Near(name, distance(wanted, fold(name))))
        .filter(near -> near.distance <= NEAR)
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .limit(NEAR)
        .map(Near::name)
        .toList();
  }

  private static String fold(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  /** How far a wanted name is from a known one, or from its place alone. */
  private static int distance(String wanted, String known) {
    int whole = edits(wanted, known);
    String place = known.substring(known.lastIndexOf('/') + 1);
    int alone = 1 + 2 * edits(wanted.substring(wanted.lastIndexOf('/') + 1), place);
    return Math.min(whole, alone);
  }

  private static int edits(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
