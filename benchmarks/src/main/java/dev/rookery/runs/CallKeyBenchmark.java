package dev.rookery.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import java.nio.charset.StandardCharsets;
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

/** What naming one tool call costs: canonical JSON, then the idempotency key. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CallKeyBenchmark {
  private static final String ARGUMENTS =
      """
      {"title": "Quarterly report", "to": ["ada@example.org", "charles@example.org"], "draft": false,
       "body": "The figures of the third quarter are in. Please look at page 4 before Friday.",
       "options": {"priority": 2, "attach": [{"name": "q3.pdf", "size": 18200}], "tags": ["finance"]}}
      """;

  private final JsonNode arguments = Json.parse(ARGUMENTS);
  private final String canonical = Json.canonical(arguments);
  private final RunId run = RunId.next();
  private final IdempotencyKeys keys =
      new IdempotencyKeys("a secret of 32 bytes for bench!!".getBytes(StandardCharsets.UTF_8));

  /** Sorted keys, no white space. */
  @Benchmark
  public String canonicalJson() {
    return Json.canonical(arguments);
  }

  /** HMAC-SHA256 in base32. */
  @Benchmark
  public String idempotencyKey() {
    return keys.of(run, 3, "send_mail", canonical);
  }
}
