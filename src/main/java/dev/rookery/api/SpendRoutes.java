package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.MONEY;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.Text;
import dev.rookery.spend.Money;
import dev.rookery.spend.Price;
import dev.rookery.spend.PriceTag;
import dev.rookery.spend.Prices;
import dev.rookery.spend.Summary;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was spent, and what calls cost. */
final class SpendRoutes {
  private static final String PRICES = "/api/v1/prices";
  private static final Shape PRICE =
      Shape.of(
          "NewPrice",
          required("kind", TEXT, "what is called").oneOf("model", "tool"),
          required("name", TEXT, "provider/model, also the start of such names; or the tool"),
          optional("input", MONEY, "US dollars per million tokens; needed for a model"),
          optional("output", MONEY, "US dollars per million tokens; needed for a model"),
          optional("cache_read", MONEY, "as input if not given"),
          optional("cache_write", MONEY, "as input if not given"),
          optional("call", MONEY, "US dollars per call; needed for a tool"));

  private final Rooms.Domain domain;

  SpendRoutes(Rooms rooms) {
    this.domain = rooms.domain();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/spend")
        .does("Adds up what was spent")
        .allows(Access.VIEWER)
        .query("by", "agent, model, contact, day, run or kind; model if not given")
        .query("agent", "id or handle")
        .query("contact", "identity of a sender, such as telegram:123")
        .query("run", "id of a run, without what it delegated")
        .query("tree", "id of a run, with what it delegated")
        .query("model", "name of a model or tool")
        .query("from", "ISO-8601 instant, inclusive")
        .query("to", "ISO-8601 instant, exclusive")
        .answers(200, "Spending")
        .by(this::summary);
    routes
        .get(PRICES)
        .does("Lists what calls cost, the organization's own prices first")
        .allows(Access.VIEWER)
        .answers(200, "PriceList")
        .by(call -> Reply.all(prices().list(call.org()), SpendRoutes::view));
    routes
        .put(PRICES)
        .does("Sets the organization's own price of a model or tool, for calls from now on")
        .allows(Access.ADMIN)
        .takes(PRICE)
        .answers(200, "Price")
        .by(this::set);
    routes
        .delete(PRICES)
        .does("Removes the organization's own price; that of the installation holds again")
        .allows(Access.ADMIN)
        .query("kind", "model or tool")
        .query("name", "as it was set")
        .answers(204, null)
        .by(this::remove);
  }

  private Prices prices() {
    return domain.spend().prices();
  }

  private Reply summary(Call call) {
    String by = Objects.requireNonNullElse(call.query("by"), "model");
    Summary.By split = RunRoutes.oneOf("by", by, Summary.By.values());
    String agent = call.query("agent");
    Summary.Span span =
        new Summary.Span(instant(call, "from", 0), instant(call, "to", Long.MAX_VALUE));
    Summary.Filter filter =
        new Summary.Filter(
            agent == null ? null : domain.agents().require(call.org(), agent).id(),
            call.query("contact"),
            run(call, "run"),
            run(call, "tree"),
            call.query("model"),
            span);
    Summary summary = domain.spend().summary(call.org(), filter, split);
    ObjectNode json = Json.object().put("by", split.label());
    var items = json.putArray("items");
    summary.rows().forEach(row -> items.add(view(row).put("key", row.key())));
    json.set("total", view(summary.total()));
    return Reply.ok(json);
  }

  private static @Nullable RunId run(Call call, String parameter) {
    String id = call.query(parameter);
    return id == null ? null : new RunId(id);
  }

  private static long instant(Call call, String parameter, long otherwise) {
    String text = call.query(parameter);
    try {
      return text == null ? otherwise : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw Refusal.badInput(
          "bad-parameter",
          "The parameter '%s' must be an instant such as 2026-01-31T00:00:00Z, not '%s'.",
          parameter,
          Text.brief(text, 40));
    }
  }

  private static ObjectNode view(Summary.Row row) {
    ObjectNode json = Json.object().put("calls", row.calls());
    Amounts.put(json, "spent", row.spent());
    Amounts.put(json, "reserved", row.reserved());
    json.put("estimated", row.estimated())
        .putObject("usage")
        .put("input", row.usage().input())
        .put("output", row.usage().output())
        .put("cache_read", row.usage().cacheRead())
        .put("cache_write", row.usage().cacheWrite());
    return json;
  }

  private Reply set(Call call) {
    Fields body = call.body(PRICE);
    Price price = body.text("kind").equals("tool") ? perCall(body) : perToken(body);
    return Reply.ok(view(prices().set(call.org(), new PriceTag(body.text("name"), price))));
  }

  private static Price perCall(Fields body) {
    for (String field : new String[] {"input", "output", "cache_read", "cache_write"}) {
      refuse(body, field, "a tool costs so much per call; give only 'call'");
    }
    return new Price.PerCall(require(body, "call"));
  }

  private static Price perToken(Fields body) {
    refuse(body, "call", "a model costs so much per token; give 'input' and 'output'");
    Money input = require(body, "input");
    return new Price.PerToken(
        input,
        require(body, "output"),
        Amounts.read(body, "cache_read", input),
        Amounts.read(body, "cache_write", input));
  }

  private static Money require(Fields body, String field) {
    Money money = Amounts.read(body, field);
    if (money == null) {
      throw Refusal.badInput("missing-field", "The field '%s' is missing.", field);
    }
    return money;
  }

  private static void refuse(Fields body, String field, String why) {
    if (body.has(field)) {
      throw Refusal.badInput("bad-value", "The field '%s' does not belong here: %s.", field, why);
    }
  }

  private Reply remove(Call call) {
    String kind = Objects.requireNonNullElse(call.query("kind"), "");
    String name = Objects.requireNonNullElse(call.query("name"), "");
    prices().remove(call.org(), RunRoutes.oneOf("kind", kind, PriceTag.Kind.values()), name);
    return Reply.nothing();
  }

  private static ObjectNode view(Prices.Listed listed) {
    PriceTag tag = listed.tag();
    ObjectNode json = Json.object().put("kind", tag.kind().label()).put("name", tag.name());
    switch (tag.price()) {
      case Price.PerToken(var input, var output, var read, var written) -> {
        Amounts.put(json, "input", input);
        Amounts.put(json, "output", output);
        Amounts.put(json, "cache_read", read);
        Amounts.put(json, "cache_write", written);
      }
      case Price.PerCall(var amount) -> Amounts.put(json, "call", amount);
    }
    return json.put("source", listed.source().label());
  }
}
