package dev.rookery.activation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Whether a filter of five conditions holds for the payload of an issue event; it does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FilterBenchmark {
  private static final String FILTER =
      """
      {"all": [
        {"field": "/payload/action", "op": "eq", "value": "opened"},
        {"not": {"field": "/payload/issue/labels", "op": "contains", "value": "wontfix"}},
        {"any": [
          {"field": "/payload/issue/comments", "op": "gt", "value": 10},
          {"field": "/payload/issue/title", "op": "matches", "value": "(?i)crash|data loss"}]},
        {"field": "/payload/issue/locked", "op": "ne", "value": true}]}
      """;
  private static final String PAYLOAD =
      """
      {"action": "opened", "issue": {"number": 17, "title": "Crash when the disk is full", "locked": false,
       "labels": ["bug", "storage"], "comments": 3, "body": "It ends with an error and does not start again."}}
      """;

  private final Filter filter = FilterCodec.read(JsonSpot.root(Json.parse(FILTER)));
  private final JsonNode payload = Json.parse(PAYLOAD);
  private final Facts facts = this::value;

  private Value value(Field field) {
    return field instanceof Field.Payload pointer
        ? PayloadValues.at(payload, pointer)
        : new Value.Missing();
  }

  /** Matching alone; the filter is read when its policy is. */
  @Benchmark
  public boolean matches() {
    return FilterRules.matches(filter, facts);
  }
}
