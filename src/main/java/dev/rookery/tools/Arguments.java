package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Checks a call's arguments against the tool's schema, before any rule is asked. */
public final class Arguments {
  private static final int MOST = 1_000;
  private static final ConcurrentMap<JsonNode, ArgumentSchema> COMPILED = new ConcurrentHashMap<>();

  private Arguments() {}

  /** What does not fit, for the model and for people; empty when all fits. */
  public static String violations(Tool tool, JsonNode arguments) {
    if (COMPILED.size() > MOST) {
      COMPILED.clear();
    }
    return COMPILED.computeIfAbsent(tool.spec().schema(), ArgumentSchema::of).violations(arguments);
  }
}
