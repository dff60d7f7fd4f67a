package dev.rookery.sandbox;

import dev.rookery.sandbox.confinement.Tier;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the probe at the start found. */
public sealed interface Availability {
  /** Of the tiers that were tried and could not start, in the order of trying. */
  List<Problem> problems();

  /**
   * Why a tier cannot start.
   *
   * @param fix what to do, with the very command where there is one
   */
  record Problem(Tier tier, String cause, String fix) {}

  /**
   * Commands run on this tier.
   *
   * @param attestation of the probe
   */
  record Ready(Tier tier, Attestation attestation, List<Problem> problems) implements Availability {
    public Ready {
      problems = List.copyOf(problems);
    }
  }

  /** No commands are run; everything else works. */
  record Unavailable(String why, List<Problem> problems) implements Availability {
    public Unavailable {
      problems = List.copyOf(problems);
    }
  }

  /** The tier, when there is one. */
  default Optional<Tier> chosen() {
    return switch (this) {
      case Ready ready -> Optional.of(ready.tier());
      case Unavailable _ -> Optional.empty();
    };
  }

  /** For people: one sentence. */
  default String sentence() {
    return switch (this) {
      case Ready(var tier, _, _) when tier == Tier.PLAIN ->
          "UNSANDBOXED (" + tier.label() + "): commands of agents are not confined.";
      case Ready(var tier, _, var problems) ->
          "Commands run in " + tier.label() + (problems.isEmpty() ? "." : "; " + told(problems));
      case Unavailable(var why, var problems) ->
          "Commands of agents are not run: "
              + why
              + (problems.isEmpty() ? "" : "; " + told(problems));
    };
  }

  /** What to do, or an empty text. */
  default String fix() {
    return problems().stream().map(Problem::fix).distinct().collect(Collectors.joining(" "));
  }

  private static String told(List<Problem> problems) {
    return problems.stream()
        .map(p -> p.tier().label() + " cannot start: " + p.cause())
        .collect(Collectors.joining("; "));
  }
}
