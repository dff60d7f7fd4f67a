package dev.rookery.channels.telegram;

import dev.rookery.integrations.Integration;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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

/** From the bytes of an update to the fact that goes into the inbox. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class UpdateBenchmark {
  private static final byte[] UPDATE =
      """
      {"update_id":1000001,"message":{"message_id":52,"date":1763600000,
       "from":{"id":7001,"is_bot":false,"first_name":"Ada","last_name":"Byron","username":"ada","language_code":"en"},
       "chat":{"id":-1001234567890,"title":"Engine room","type":"supergroup"},
       "text":"@rookery_bot what time is it in Berlin, and when does the next train leave?",
       "entities":[{"type":"mention","offset":0,"length":12}]}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final UpdateReader reader = new UpdateReader(InstantSource.system());
  private final Integration bot =
      new Integration(
          OrgId.next(),
          IntegrationId.next(),
          "telegram",
          "bot",
          Json.object().put("bot_username", "rookery_bot").put("bot_id", 424242),
          Map.of(),
          List.of(),
          true);

  /** Parsing and reading; the secret is opened before (see VaultBenchmark). */
  @Benchmark
  public Object read() {
    return reader.read(bot, Json.parse(UPDATE));
  }
}
