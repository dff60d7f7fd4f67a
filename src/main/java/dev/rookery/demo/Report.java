package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.Screen.Tone;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The result, for people and for programs.
 *
 * @param facts what programs are told besides counts
 * @param took from the first start to here
 */
record Report(List<Proof> proofs, ObjectNode facts, Duration took) {
  Report {
    proofs = List.copyOf(proofs);
  }

  boolean ok() {
    return proofs.stream().allMatch(Proof::holds);
  }

  int exitCode() {
    return ok() ? 0 : 1;
  }

  private List<Proof> deviations() {
    return proofs.stream().filter(proof -> !proof.holds()).toList();
  }

  void show(Screen screen) {
    int width = proofs.stream().mapToInt(proof -> proof.what().length()).max().orElse(0);
    String row = "  %-" + width + "s  %8s  %8s";
    String head = row.formatted("", "expected", "counted");
    screen.line(screen.paint(head, Tone.DIM));
    for (Proof proof : proofs) {
      String expected = proof.expected() == null ? "" : Long.toString(proof.expected());
      String numbers = row.formatted(proof.what(), expected, proof.got());
      String mark = proof.holds() ? (proof.expected() == null ? " " : "✓") : "✗";
      screen.line(
          (numbers
                  + "  "
                  + screen.paint(mark, proof.holds() ? Tone.GOOD : Tone.BAD)
                  + "  "
                  + screen.paint(proof.detail(), Tone.DIM))
              .stripTrailing());
    }
    screen.line("");
    for (Proof proof : deviations()) {
      screen.line("  " + screen.paint("deviation: ", Tone.BAD) + difference(proof));
    }
    if (facts.path("sandbox").isTextual()) {
      String why = "not shown: the sandbox is " + facts.path("sandbox").textValue();
      screen.line("  " + screen.paint(why, Tone.WARN));
    }
    String seconds = String.format(Locale.ROOT, " It took %.1f s.", took.toMillis() / 1000.0);
    screen.line(
        "  "
            + (ok()
                ? screen.paint("All of it holds.", Tone.GOOD)
                : screen.paint("Not all of it holds.", Tone.BAD))
            + seconds);
  }

  private static String difference(Proof proof) {
    return "%s: expected %s, got %d%s"
        .formatted(
            proof.what(),
            proof.expected(),
            proof.got(),
            proof.detail().isEmpty() ? "" : " (" + proof.detail() + ")");
  }

  /** Counts under their keys; those of tools as one object. */
  ObjectNode json() {
    ObjectNode json = Json.object().put("ok", ok());
    for (Proof proof : proofs) {
      int dot = proof.key().indexOf('.');
      if (dot < 0) {
        json.put(proof.key(), proof.got());
      } else {
        json.withObject("/" + proof.key().substring(0, dot))
            .put(proof.key().substring(dot + 1), proof.got());
      }
    }
    ArrayNode deviations = json.putArray("deviations");
    for (Proof proof : deviations()) {
      deviations
          .addObject()
          .put("what", proof.key())
          .put("expected", proof.expected())
          .put("got", proof.got())
          .put("detail", proof.detail());
    }
    json.setAll(facts);
    return json.put("duration_ms", took.toMillis());
  }
}
