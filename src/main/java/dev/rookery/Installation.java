package dev.rookery;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.NodeId;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Org;
import dev.rookery.orgs.Orgs;
import dev.rookery.orgs.Role;
import dev.rookery.secrets.Vault;
import dev.rookery.secrets.Vaults;
import dev.rookery.store.Database;
import java.nio.file.Files;
import java.util.List;

/** What a first start makes, made without starting anything. */
public final class Installation {
  private Installation() {}

  /**
   * One thing of an installation.
   *
   * @param what such as {@code key file}
   * @param where a path or an id
   * @param fresh false when it was there already
   */
  public record Part(String what, String where, boolean fresh) {}

  /**
   * Makes data directory, database, key, default organization and the local key of the command
   * line. Repeating it changes nothing.
   *
   * @throws dev.rookery.kernel.Refusal when it may not be made; says what to do
   */
  public static List<Part> init(Settings settings) {
    boolean hadDirectory = Files.isDirectory(settings.dataDir());
    try (DataDir dataDir = DataDir.open(settings.dataDir(), NodeId.next())) {
      boolean hadDatabase = settings.databaseUrl() != null || Files.exists(dataDir.database());
      boolean hadKey =
          settings.env().containsKey(Vaults.KEY_VARIABLE) || Files.exists(dataDir.masterKey());
      boolean hadLocalKey = Files.exists(dataDir.cliKey());
      boolean[] fresh = {false};
      Org org = fill(settings, dataDir, fresh);
      String database =
          settings.databaseUrl() == null ? dataDir.database().toString() : "PostgreSQL";
      return List.of(
          new Part("data directory", dataDir.path().toString(), !hadDirectory),
          new Part("database", database, !hadDatabase),
          new Part("key to secrets", dataDir.masterKey().toString(), !hadKey),
          new Part("organization", org.id().value(), fresh[0]),
          new Part("local API key", dataDir.cliKey().toString(), !hadLocalKey));
    }
  }

  private static Org fill(Settings settings, DataDir dataDir, boolean[] fresh) {
    try (House house = house(settings, dataDir, fresh)) {
      Org org = house.orgs.defaultOrg();
      if (dataDir.readPrivate(dataDir.cliKey()).isEmpty()) {
        ApiKey.Created key =
            house.keys.create(org.id(), new ApiKey.Wish("command line", Role.OWNER, null));
        dataDir.writePrivate(dataDir.cliKey(), key.secret() + "\n");
      }
      return org;
    }
  }

  private static House house(Settings settings, DataDir dataDir, boolean[] fresh) {
    Database database = Rookery.openDatabase(settings, dataDir);
    try {
      fresh[0] = new Orgs(database, new Journal(database)).list().isEmpty();
      Vault vault =
          Vaults.open(settings.env().get(Vaults.KEY_VARIABLE), dataDir.masterKey(), fresh[0]);
      return new House(settings, dataDir, database, vault, List.of());
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }
}
