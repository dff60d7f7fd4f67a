package dev.rookery.runs;

import dev.rookery.policy.Taint;

/**
 * Where a message of a run comes from, and what it brings in.
 *
 * @param source such as {@code telegram:int_…:123}, {@code tool:web_fetch}, {@code model}
 */
public record Provenance(String source, Taint taint) {
  /** What the model said holds nothing that it was not shown. */
  static final Provenance MODEL = new Provenance("model", Taint.NONE);

  static Provenance tool(String name, Taint taint) {
    return new Provenance("tool:" + name, taint);
  }

  /** What a person of the organization decided. */
  static final Provenance PERSON = new Provenance("person", Taint.NONE);
}
