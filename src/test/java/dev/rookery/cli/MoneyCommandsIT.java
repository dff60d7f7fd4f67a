package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands about money against a server that speaks the contract. */
final class MoneyCommandsIT {
  private static final String BUDGET =
      "{'id':'bdg_1','scope':'agent','subject':'agt_1','window':'day','soft':4,'hard':5.00,"
          + "'spent':2.05,'reserved':0.0123,'left':2.9377,'resets_at':'2026-11-21T00:00:00.000Z'}";
  private static final String ROW =
      "'calls':2,'spent':0.0123,'reserved':0,'estimated':true,"
          + "'usage':{'input':100,'output':20,'cache_read':0,'cache_write':0}";

  @TempDir private Path home;
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = FakeServer.announcedIn(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result run(String... args) {
    return new Shell().home(home).run(args);
  }

  @Test
  void a_budget_is_made_of_what_the_option_names() {
    server.on("POST", "/api/v1/budgets", 201, BUDGET);
    Shell.Result made =
        run("budgets", "create", "--agent", "rook", "--window", "day", "--hard", "5");
    assertThat(made.exitCode()).as(made.err()).isZero();
    assertThat(made.out())
        .contains("bdg_1")
        .contains("$5.00")
        .contains("$0.0123")
        .contains("####......");
    assertThat(server.last("POST").json())
        .isEqualTo(
            Json.parse(
                "{\"window\":\"day\",\"scope\":\"agent\",\"subject\":\"rook\",\"soft\":null,\"hard\":\"5\"}"));
    run("budgets", "create", "--each-run", "--hard", "0.5");
    assertThat(server.last("POST").json().path("scope").asText()).isEqualTo("each_run_tree");
    run("budgets", "create", "--hard", "0.5");
    assertThat(server.last("POST").json().path("scope").asText()).isEqualTo("org");
    assertThat(run("budgets", "create", "--agent", "a", "--run", "r", "--hard", "1").exitCode())
        .isEqualTo(Exit.USAGE);
  }

  @Test
  void budgets_show_how_much_of_them_is_used() {
    server.on("GET", "/api/v1/budgets", 200, "{'items':[" + BUDGET + "],'next':null}");
    assertThat(run("budgets", "list").outLines().get(1))
        .startsWith("bdg_1")
        .contains("$2.05")
        .contains("####...... 41%")
        .endsWith("agt_1");
    assertThat(run("budgets", "list", "--json=hard").out().strip())
        .isEqualTo("{\"items\":[{\"hard\":5.0}],\"next\":null}");
  }

  @Test
  void the_limit_that_is_not_named_stays() {
    server.on("GET", "/api/v1/budgets/bdg_1", 200, BUDGET);
    server.on("PUT", "/api/v1/budgets/bdg_1", 200, BUDGET);
    assertThat(run("budgets", "set", "bdg_1", "--hard", "10").exitCode()).isZero();
    assertThat(server.last("PUT").body()).isEqualTo("{\"soft\":4,\"hard\":\"10\"}");
    run("budgets", "set", "bdg_1", "--soft", "none");
    assertThat(server.last("PUT").json().path("soft").isNull()).isTrue();
    assertThat(run("budgets", "set", "bdg_1").exitCode()).isEqualTo(Exit.USAGE);
    server.on("DELETE", "/api/v1/budgets/bdg_1", 204, "");
    assertThat(run("budgets", "remove", "bdg_1").out()).contains("bdg_1 is removed");
  }

  @Test
  void spending_is_a_table_with_a_total_and_the_budgets() {
    server.on("GET", "/api/v1/budgets", 200, "{'items':[" + BUDGET + "],'next':null}");
    server.on(
        "GET",
        "/api/v1/spend",
        200,
        "{'by':'agent','items':[{'key':'agt_1',%1$s},{'key':'',%1$s}],'total':{%1$s}}"
            .formatted(ROW));
    Shell.Result shown = run("spend", "show", "--by", "agent", "--since", "24h", "--run", "run_1");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(shown.outLines().get(0)).startsWith("CALLS").endsWith("AGENT");
    assertThat(shown.outLines().get(1)).contains("~$0.0123").endsWith("agt_1");
    assertThat(shown.out()).contains("total").contains("Budgets").contains("41%");
    assertThat(server.requests())
        .anySatisfy(
            r ->
                assertThat(r.query())
                    .isEqualTo("by=agent&tree=run_1&from=2026-11-19T12%3A00%3A00Z"));
    assertThat(run("spend", "show", "--json=key,spent").out()).contains("0.0123");
    assertThat(run("spend", "show", "--since", "soon").exitCode()).isEqualTo(Exit.USAGE);
  }

  @Test
  void prices_are_listed_set_and_removed() {
    server.on(
        "GET",
        "/api/v1/prices",
        200,
        "{'items':[{'kind':'model','name':'a/b','input':3,'output':15.5,'cache_read':0.3,"
            + "'cache_write':3.75,'source':'default'},{'kind':'tool','name':'s','call':0.01,"
            + "'source':'file'}],'next':null}");
    assertThat(run("spend", "prices", "list").outLines().get(1))
        .contains("$3.00")
        .contains("$15.50")
        .endsWith("a/b");
    server.on("PUT", "/api/v1/prices", 200, "{'name':'s'}");
    assertThat(run("spend", "prices", "set", "s", "--call", "0.01").out()).contains("s is set");
    assertThat(server.last("PUT").json().path("kind").asText()).isEqualTo("tool");
    assertThat(run("spend", "prices", "set", "a/b", "--input", "1").exitCode())
        .isEqualTo(Exit.USAGE);
    server.on("DELETE", "/api/v1/prices", 204, "");
    assertThat(run("spend", "prices", "remove", "a/b").exitCode()).isZero();
    assertThat(server.last("DELETE").query()).isEqualTo("kind=model&name=a%2Fb");
  }

  @ParameterizedTest
  @CsvSource({
    "24h, 2026-11-19T12:00:00Z",
    "7d, 2026-11-13T12:00:00Z",
    "2026-01-31, 2026-01-31T00:00:00Z",
    "2026-01-31T08:00:00Z, 2026-01-31T08:00:00Z"
  })
  void since_is_said_as_people_say_it(String text, Instant from) {
    assertThat(SpendCommand.Show.instant(text, Shell.NOW)).isEqualTo(from);
  }
}
