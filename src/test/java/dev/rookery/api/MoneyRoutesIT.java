package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.Agent;
import dev.rookery.agents.NewAgent;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.orgs.Role;
import dev.rookery.spend.Purchase;
import dev.rookery.spend.Spend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets, spending and prices over HTTP. Every answer is also held against the document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MoneyRoutesIT {
  private final TestServer server = TestServer.start();
  private final String owner = server.key(Role.OWNER);
  private final Agent agent =
      server.house().agents.create(server.org(), new NewAgent("spender", "S", "", null));

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void a_budget_is_made_changed_and_removed() {
    var made =
        server.post(
            owner,
            "/api/v1/budgets",
            """
            {"scope": "agent", "subject": "spender", "window": "day", "soft": 4, "hard": "5.50"}
            """);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.response().body()).contains("\"hard\":5.50").contains("\"soft\":4.00");
    assertThat(made.json().path("subject").asText()).isEqualTo(agent.id().value());
    assertThat(made.json().path("resets_at").asText()).endsWith("T00:00:00.000Z");
    String path = "/api/v1/budgets/" + made.json().path("id").asText();
    assertThat(server.get(owner, path).json()).isEqualTo(made.json());

    var changed = server.call("PUT", path, owner, "{\"hard\": 0.00001, \"soft\": null}");
    assertThat(changed.response().body()).contains("\"hard\":0.00001").contains("\"soft\":null");
    assertThat(server.get(owner, "/api/v1/budgets").json().path("items"))
        .anySatisfy(b -> assertThat(b).isEqualTo(changed.json()));

    assertThat(server.call("DELETE", path, owner, null).status()).isEqualTo(204);
    assertThat(server.get(owner, path).code()).isEqualTo("budget-not-found");
    assertThat(server.call("DELETE", path, owner, null).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scope\":\"org\",\"window\":\"day\"}                              | 400 | bad-budget",
        "{\"scope\":\"org\",\"window\":\"week\",\"hard\":1}                  | 400 | bad-value",
        "{\"scope\":\"org\",\"window\":\"day\",\"hard\":-1}                  | 400 | bad-money",
        "{\"scope\":\"org\",\"window\":\"day\",\"hard\":1e400}               | 400 | bad-money",
        "{\"scope\":\"org\",\"window\":\"day\",\"hard\":0.0000001}           | 400 | bad-money",
        "{\"scope\":\"org\",\"window\":\"day\",\"hard\":\"much\"}            | 400 | bad-money",
        "{\"scope\":\"org\",\"window\":\"day\",\"hard\":true}                | 400 | bad-value",
        "{\"scope\":\"org\",\"window\":\"day\",\"hard\":1,\"soft\":2}        | 400 | bad-budget",
        "{\"scope\":\"agent\",\"subject\":\"no\",\"window\":\"day\",\"hard\":1} | 404 | agent-not-found",
        "{\"scope\":\"contact\",\"window\":\"day\",\"hard\":1}               | 400 | bad-budget",
        "{\"scope\":\"run_tree\",\"subject\":\"x\",\"window\":\"total\",\"hard\":1} | 400 | bad-id",
        "{\"scope\":\"each_run_tree\",\"window\":\"day\",\"hard\":1}         | 400 | bad-budget"
      })
  void a_budget_that_means_nothing_is_refused(String body, int status, String code) {
    var refused = server.post(owner, "/api/v1/budgets", body);
    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.code()).isEqualTo(code);
  }

  @Test
  void who_may_not_configure_may_look() {
    String viewer = server.key(Role.VIEWER);
    String operator = server.key(Role.OPERATOR);
    String body = "{\"scope\":\"program\",\"subject\":\"p\",\"window\":\"month\",\"hard\":1}";
    assertThat(server.post(operator, "/api/v1/budgets", body).status()).isEqualTo(403);
    assertThat(server.post(owner, "/api/v1/budgets", body).status()).isEqualTo(201);
    assertThat(server.post(owner, "/api/v1/budgets", body).code()).isEqualTo("budget-exists");
    assertThat(server.get(viewer, "/api/v1/budgets").json().path("items")).isNotEmpty();
    assertThat(server.get(viewer, "/api/v1/spend").status()).isEqualTo(200);
    String stranger = server.key(server.house().orgs.create("Other").id(), Role.OWNER);
    assertThat(server.get(stranger, "/api/v1/budgets").json().path("items")).isEmpty();
    assertThat(
            server.get(stranger, "/api/v1/spend?by=day").json().path("total").path("calls").asInt())
        .isZero();
  }

  @Test
  void what_was_spent_is_added_up() {
    RunId run = RunId.next();
    Spend spend = server.house().spend;
    Purchase purchase =
        new Purchase(
            Purchase.Key.of(run, 1, 1),
            new Purchase.Payer(agent.id(), "telegram:1", null, run),
            new Purchase.Item.ModelCall("openai/gpt-4.1", 1_000, 1_000, false));
    server
        .house()
        .database()
        .write(
            server.org(),
            tx -> {
              spend.reserve(tx, server.org(), purchase);
              return spend.settle(tx, server.org(), purchase.key(), new Usage(100, 10, 0, 0));
            });

    var spent = server.get(owner, "/api/v1/spend?by=agent&agent=spender&tree=" + run);
    assertThat(spent.json().path("total").path("spent").decimalValue())
        .isEqualByComparingTo("0.00028");
    assertThat(spent.json().path("items").get(0).path("key").asText())
        .isEqualTo(agent.id().value());
    for (String by : new String[] {"model", "contact", "day", "run", "kind"}) {
      assertThat(server.get(owner, "/api/v1/spend?run=" + run + "&by=" + by).json().path("items"))
          .hasSize(1);
    }
    assertThat(
            server
                .get(owner, "/api/v1/spend?from=2999-01-01T00:00:00Z&contact=telegram:1")
                .json()
                .path("items"))
        .isEmpty();
    assertThat(server.get(owner, "/api/v1/spend?by=colour").code()).isEqualTo("bad-parameter");
    assertThat(server.get(owner, "/api/v1/spend?from=noon").code()).isEqualTo("bad-parameter");
    assertThat(server.get(owner, "/api/v1/spend?run=x").code()).isEqualTo("bad-id");
  }

  @Test
  void a_price_is_set_and_taken_back() {
    String body = "{\"kind\":\"model\",\"name\":\"scripted\",\"input\":\"1.50\",\"output\":2}";
    var set = server.call("PUT", "/api/v1/prices", owner, body);
    assertThat(set.json().path("cache_read").decimalValue()).isEqualByComparingTo("1.5");
    assertThat(server.get(owner, "/api/v1/prices").json().path("items").get(0))
        .isEqualTo(set.json());
    String tool = "{\"kind\":\"tool\",\"name\":\"search\",\"call\":0.01}";
    assertThat(server.call("PUT", "/api/v1/prices", owner, tool).status()).isEqualTo(200);

    String path = "/api/v1/prices?kind=model&name=scripted";
    assertThat(server.call("DELETE", path, owner, null).status()).isEqualTo(204);
    assertThat(server.call("DELETE", path, owner, null).code()).isEqualTo("price-not-found");
    String half = "{\"kind\":\"model\",\"name\":\"a/b\",\"input\":1}";
    assertThat(server.call("PUT", "/api/v1/prices", owner, half).code()).isEqualTo("missing-field");
    String mixed = "{\"kind\":\"tool\",\"name\":\"a\",\"call\":1,\"input\":1}";
    assertThat(server.call("PUT", "/api/v1/prices", owner, mixed).code()).isEqualTo("bad-value");
    String odd = "{\"kind\":\"model\",\"name\":\"A B\",\"input\":1,\"output\":1}";
    assertThat(server.call("PUT", "/api/v1/prices", owner, odd).code()).isEqualTo("bad-price");
  }
}
