package dev.rookery.spend;

import static dev.rookery.spend.Shop.usd;
import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.journal.Journal;
import dev.rookery.kernel.OrgId;
import dev.rookery.spend.PriceTag.Kind;
import dev.rookery.store.BothEngines;
import dev.rookery.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@BothEngines
final class PricesIT {
  private static final Price CHEAP = new Price.PerToken(usd("1"), usd("2"));
  private final TestDatabase db;
  private final OrgId org;
  @TempDir private Path dir;

  PricesIT(TestDatabase db) {
    this.db = db;
    this.org = db.newOrg();
  }

  private Prices prices(String yaml) {
    try {
      Path file = dir.resolve("prices.yaml");
      Files.writeString(file, yaml);
      return new Prices(db.database(), new Journal(db.database()), file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Prices.Quote quote(Prices prices, OrgId of, Kind kind, String name) {
    return db.database().read(of, tx -> prices.quote(tx, of, kind, name));
  }

  @Test
  void the_organization_beats_the_file_and_the_file_the_defaults() {
    Prices prices =
        prices(
            """
            version: 1
            models:
              openai/gpt-4.1: {input: 7, output: 8.5, cache_read: 0.000001}
            tools: {web_search: 0.01}
            unknown_model: {input: 1, output: 1}
            """);
    String dated = "openai/gpt-4.1-2025-04-14";
    Price file = new Price.PerToken(usd("7"), usd("8.5"), usd("0.000001"), usd("7"));

    assertThat(quote(prices, org, Kind.MODEL, dated)).isEqualTo(new Prices.Quote(file, false));
    assertThat(quote(prices, org, Kind.MODEL, "nobody/knows").estimated()).isTrue();
    assertThat(quote(prices, org, Kind.MODEL, "nobody/knows").price())
        .isEqualTo(new Price.PerToken(usd("1"), usd("1")));
    assertThat(quote(prices, org, Kind.TOOL, "web_search").price())
        .isEqualTo(new Price.PerCall(usd("0.01")));
    prices.set(org, new PriceTag("openai", CHEAP));
    assertThat(quote(prices, org, Kind.MODEL, dated).price()).isEqualTo(CHEAP);
    assertThat(quote(prices, db.newOrg(), Kind.MODEL, dated).price()).isEqualTo(file);

    prices.remove(org, Kind.MODEL, "openai");
    assertThat(quote(prices, org, Kind.MODEL, dated).price()).isEqualTo(file);
    refused("price-not-found", () -> prices.remove(org, Kind.MODEL, "openai"));
  }

  @Test
  void the_longest_name_counts_and_names_end_at_a_break() {
    Prices prices = prices("version: 1");
    prices.set(org, new PriceTag("x/gpt-4", new Price.PerToken(usd("4"), usd("4"))));
    prices.set(org, new PriceTag("x/gpt-4.1", CHEAP));

    assertThat(quote(prices, org, Kind.MODEL, "x/gpt-4.1-mini").price()).isEqualTo(CHEAP);
    assertThat(quote(prices, org, Kind.MODEL, "x/gpt-4-turbo").estimated()).isFalse();
    assertThat(quote(prices, org, Kind.MODEL, "x/gpt-40").estimated()).isTrue();
    assertThat(quote(prices, org, Kind.TOOL, "x/gpt-4.1").price())
        .isEqualTo(new Price.PerCall(Money.ZERO));
  }

  @Test
  void the_usual_models_have_a_price_and_our_own_are_free() {
    Prices prices = prices("version: 1");
    for (String model :
        new String[] {
          "anthropic/claude-sonnet-4-5", "openai/gpt-4.1", "openrouter/anthropic/claude-sonnet-4.5"
        }) {
      assertThat(quote(prices, org, Kind.MODEL, model).estimated()).as(model).isFalse();
    }
    Price free = new Price.PerToken(Money.ZERO, Money.ZERO);
    for (String model : new String[] {"scripted", "scripted/sales", "ollama/llama3:8b"}) {
      assertThat(quote(prices, org, Kind.MODEL, model).price()).as(model).isEqualTo(free);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "version: 2",
        "version: 1\nmodel: {}",
        "version: 1\nmodels: 3",
        "version: 1\nmodels: {a/b: {input: 1}}",
        "version: 1\nmodels: {a/b: {input: -1, output: 1}}",
        "version: 1\nmodels: {a/b: {input: .nan, output: 1}}",
        "version: 1\nmodels: {a/b: {input: 0.0000001, output: 1}}",
        "version: 1\nmodels: {a/b: {input: 1, output: 1, extra: 1}}",
        "version: 1\nmodels: {'A B': {input: 1, output: 1}}",
        "version: 1\nmodels: {a/b: {input: 1, output: 1}, a/b: {input: 1, output: 1}}",
        "version: 1\ntools: {search: cheap}",
      })
  void a_file_that_is_not_right_stops_the_start(String yaml) {
    refused("bad-price-file", () -> prices(yaml));
  }
}
