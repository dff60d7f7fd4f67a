package dev.rookery.bench;

import dev.rookery.kernel.Refusal;
import dev.rookery.store.Database;
import dev.rookery.store.Databases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The surroundings of a measured node: a script instead of a provider, a key, a database. */
final class BenchEnvironment {
  /** Handles of the agents that benches make. */
  static final String HANDLE = "bench-";

  /** What is said to them; the script answers it with a tool call and then with a text. */
  static final String QUESTION = "What time is it in Berlin?";

  /** Workers of each call of the script that delegates. */
  static final int WORKERS = 8;

  private static final String USER = "ROOKERY_DATABASE_USER";
  private static final String PASSWORD = "ROOKERY_DATABASE_PASSWORD";
  private static final int POOL = 16;
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "What time"}}
          then: {tool_calls: [{tool: current_time, arguments: {zone: "Europe/Berlin"}}]}
        - when: {tool_result: {tool: current_time}}
          then: {text: "It is **{{tool_result|60}}**."}
        - when: {user_text: {contains: "The task: look at the clock"}}
          then: {tool_calls: [{tool: current_time, arguments: {zone: "Europe/Berlin"}}]}
        - when: {user_text: {contains: "Delegate and wait"}}
          then: {tool_calls: [{tool: delegate, arguments: {tasks: [TASKS]}}]}
        - when: {user_text: {contains: "Delegate and go on"}}
          then: {tool_calls: [{tool: delegate, arguments: {wait: false, tasks: [TASKS]}}]}
        - when: {user_text: {contains: "that you started is over"}}
          then: {text: "Reported."}
        - when: {tool_result: {tool: delegate}}
          then: {text: "All is given away."}
        - then: {text: "You said: {{last_user_text|60}}"}
      """;

  private BenchEnvironment() {}

  /** Variables of a node over this directory. No provider's key is among them. */
  static Map<String, String> of(Path directory) {
    String tasks = String.join(", ", Collections.nCopies(WORKERS, "{task: look at the clock}"));
    return of(directory, SCRIPT.replace("TASKS", tasks));
  }

  /** As {@link #of(Path)}, with a script of one bench's own. */
  static Map<String, String> of(Path directory, String spoken) {
    Path script = directory.resolve("bench-script.yaml");
    try {
      Files.writeString(script, spoken);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + script, e);
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("ROOKERY_SCRIPT", script.toString());
    environment.put("ROOKERY_MODEL", "scripted");
    environment.put("ROOKERY_ENCRYPTION_KEY", key());
    environment.putAll(login());
    return environment;
  }

  /** One for all benches, so that a second one may use the database of the first. */
  private static String key() {
    byte[] bytes = "rookery bench, for no real data!".getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Map<String, String> login() {
    Map<String, String> login = new HashMap<>();
    for (String name : new String[] {USER, PASSWORD}) {
      String value = System.getenv(name);
      if (value != null) {
        login.put(name, value);
      }
    }
    return login;
  }

  static Database postgres(String databaseUrl) {
    Map<String, String> login = login();
    return Databases.postgres(
        new Databases.Postgres(databaseUrl, login.get(USER), login.get(PASSWORD), POOL));
  }

  /**
   * A bench fills its database, so it must not be one that serves somebody.
   *
   * @throws Refusal {@code database-in-use}
   */
  static void refuseForeignData(@Nullable String databaseUrl) {
    if (databaseUrl == null) {
      return;
    }
    try (Database database = postgres(databaseUrl)) {
      if (database.readAcrossOrgs(tx -> BenchStore.foreignAgents(tx, HANDLE + "%")) > 0) {
        throw new Refusal(
            Refusal.Kind.CONFLICT,
            "database-in-use",
            "The database has agents that no bench made; give a bench an empty one.");
      }
    }
  }
}
