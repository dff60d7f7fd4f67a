package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A set of rules to begin with (spec 03). Rules of the agent's own come before it. */
public enum Preset {
  /** Nowhere. What holds for an agent of which nobody said anything. */
  LOCKDOWN,
  /** GitHub, for code and its API. */
  GITHUB_ONLY,
  /** GitHub, and the package registries that the operator lists; none is known by itself. */
  DEVELOPMENT,
  /** Every public host, over TLS on port 443. */
  UNRESTRICTED;

  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The preset of this label.
   *
   * @throws Refusal {@code unknown-preset}
   */
  public static Preset of(String label) {
    return Arrays.stream(values())
        .filter(preset -> preset.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.badInput(
                    "unknown-preset",
                    "'%s' is not a preset; known are: %s.",
                    Text.brief(Text.clean(label), 40),
                    labels()));
  }

  private static String labels() {
    List<Preset> all = List.of(values());
    return all.stream().map(Preset::label).collect(Collectors.joining(", "));
  }
}
