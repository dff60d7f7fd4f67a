package dev.rookery.secrets;

import dev.rookery.kernel.OrgId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
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

/** Sealing and opening a secret of the length of a bot token. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class VaultBenchmark {
  private static final String SECRET = "424242:not_a_real_token_0123456789abcdefg";

  private final Vault vault =
      Vaults.open(
          Base64.getEncoder()
              .encodeToString(
                  "rookery bench, for no real data!".getBytes(StandardCharsets.US_ASCII)),
          Path.of("no-such-key-file"),
          false);
  private final Vault.Field field =
      new Vault.Field(OrgId.next(), "integration", "bot_token", "int_1");
  private final String sealed = vault.seal(field, SECRET);

  /** AES-256-GCM with a fresh nonce. */
  @Benchmark
  public String seal() {
    return vault.seal(field, SECRET);
  }

  /** What every webhook delivery does once. */
  @Benchmark
  public String open() {
    return vault.open(field, sealed);
  }
}
