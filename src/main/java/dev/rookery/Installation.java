package dev.rookery;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.Acting;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.SteadyClock;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Org;
import dev.rookery.orgs.Orgs;
import dev.rookery.orgs.Role;
import dev.rookery.secrets.Vault;
import dev.rookery.secrets.Vaults;
import dev.rookery.store.Database;
import dev.rookery.store.Databases;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a first start makes: database, key, organization, and the key of the local command line. */
public final class Installation {
  private static final int POSTGRES_POOL = 16;

  private Installation() {}

  static Database openDatabase(Settings settings, DataDir dataDir) {
    String url = settings.databaseUrl();
    return url == null
        ? Databases.sqlite(dataDir.database(), new SteadyClock())
        : Databases.postgres(
            new Databases.Postgres(
                url,
                settings.env().get("ROOKERY_DATABASE_USER"),
                settings.env().get("ROOKERY_DATABASE_PASSWORD"),
                POSTGRES_POOL));
  }

  /**
   * A key may be made only while nothing can have been sealed; closes the database when there is
   * none.
   */
  static Vault openVault(Settings settings, DataDir dataDir, Database database) {
    try {
      boolean fresh = new Orgs(database, new Journal(database)).list().isEmpty();
      return Vaults.open(settings.env().get(Vaults.KEY_VARIABLE), dataDir.masterKey(), fresh);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * The local key of the command line; and the path of a set-up link, while there is no owner yet.
   */
  static @Nullable String firstSteps(House house, DataDir dataDir, Org org) {
    makeLocalKey(house, dataDir, org);
    return house.members.hasOwner(org.id())
        ? null
        : "/setup/"
            + Acting.as(Acting.COMMAND_LINE, () -> house.setupLinks.create(org.id())).token();
  }

  private static void makeLocalKey(House house, DataDir dataDir, Org org) {
    if (dataDir.readPrivate(dataDir.cliKey()).isEmpty()) {
      ApiKey.Wish wish = new ApiKey.Wish("command line", Role.OWNER, null);
      ApiKey.Created created =
          Acting.as(Acting.COMMAND_LINE, () -> house.keys.create(org.id(), wish));
      dataDir.writePrivate(dataDir.cliKey(), created.secret() + "\n");
    }
  }

  /**
   * One thing of an installation.
   *
   * @param what such as {@code key file}
   * @param where a path, an id or a URL without secrets
   * @param fresh false when it was there already
   */
  public record Part(String what, String where, boolean fresh) {}

  /**
   * Makes what a first start would make, without starting. Repeating it changes nothing.
   *
   * @throws dev.rookery.kernel.Refusal when it may not be made; says what to do
   */
  public static List<Part> init(Settings settings) {
    NodeId node = NodeId.next();
    boolean hadDir = Files.isDirectory(settings.dataDir());
    List<Part> items = new ArrayList<>();
    try (DataDir dataDir = DataDir.open(settings.dataDir(), node)) {
      items.add(new Part("data directory", dataDir.path().toString(), !hadDir));
      boolean hadKey = Files.exists(dataDir.masterKey());
      boolean hadCliKey = Files.exists(dataDir.cliKey());
      Database database = openDatabase(settings, dataDir);
      Vault vault = openVault(settings, dataDir, database);
      try (House house = new House(settings, dataDir, database, vault, List.of())) {
        boolean hadOrg = !house.orgs.list().isEmpty();
        Org org = house.orgs.defaultOrg();
        makeLocalKey(house, dataDir, org);
        items.add(new Part("database", database.describe(), !hadOrg));
        items.add(new Part("key file", dataDir.masterKey().toString(), !hadKey));
        items.add(new Part("organization", org.name() + " (" + org.id() + ")", !hadOrg));
        items.add(new Part("command-line key", dataDir.cliKey().toString(), !hadCliKey));
      }
    }
    return items;
  }
}
