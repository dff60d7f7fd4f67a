package dev.rookery.bench;

import dev.rookery.House;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.SteadyClock;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.secrets.Vaults;
import dev.rookery.store.Database;
import dev.rookery.store.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rooms over a SQLite file, without a server. Time passes when a bench says so, and nothing but
 * the clock of schedules looks at it.
 */
final class WoundClock implements AutoCloseable {
  private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");
  private static final int SCAN = 200;

  private final AtomicLong millis = new AtomicLong(BEGIN.toEpochMilli());
  private final DataDir dataDir;
  private final House house;
  private final OrgId org;
  private final BooleanSupplier clock;

  private WoundClock(Path directory, @Nullable InstantSource real) {
    Map<String, String> environment = BenchEnvironment.of(directory);
    this.dataDir = DataDir.open(directory, NodeId.next());
    Database database =
        Databases.sqlite(
            dataDir.database(), real == null ? () -> Instant.ofEpochMilli(millis.get()) : real);
    this.house =
        new House(
            new Settings(directory, "127.0.0.1", 0, null, null, environment),
            dataDir,
            database,
            Vaults.open(environment.get(Vaults.KEY_VARIABLE), dataDir.masterKey(), true),
            List.of());
    this.org = house.orgs.defaultOrg().id();
    this.clock = house.occurrences.byHand();
  }

  static WoundClock start(Path directory) {
    return new WoundClock(directory, null);
  }

  /** The same rooms on the clock of the machine. */
  static WoundClock real(Path directory) {
    return new WoundClock(directory, new SteadyClock());
  }

  House house() {
    return house;
  }

  OrgId org() {
    return org;
  }

  long now() {
    return millis.get();
  }

  void pass(Duration time) {
    millis.addAndGet(time.toMillis());
  }

  /** How many schedules are due, as each look at the clock finds them. */
  int scan() {
    return house.occurrences.due(SCAN);
  }

  /** Looks at the clock until nothing is due any more. */
  void look() {
    boolean more = true;
    while (more) {
      more = clock.getAsBoolean();
    }
  }

  /** What the ledger says of the times in [from, to), epoch milliseconds. */
  List<BenchStore.Tick> ticks(long from, long to) {
    return house.database().read(org, tx -> BenchStore.ticks(tx, org, from, to));
  }

  @Override
  public void close() {
    house.close();
    dataDir.close();
  }
}
