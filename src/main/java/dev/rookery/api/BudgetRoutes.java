package dev.rookery.api;

import static dev.rookery.api.Shape.Field.optional;
import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.MONEY;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.spend.Budget;
import dev.rookery.spend.Budgets;
import dev.rookery.spend.Limits;
import dev.rookery.spend.NewBudget;
import dev.rookery.spend.Scope;
import dev.rookery.spend.Standing;
import dev.rookery.spend.Window;
import java.time.Instant;

/** Spending limits. */
final class BudgetRoutes {
  private static final String BUDGET = "/api/v1/budgets/{id}";
  private static final String SOFT = "US dollars beyond which a person is asked; null for never";
  private static final String HARD = "US dollars beyond which nothing is bought; null for none";
  private static final Shape NEW_BUDGET =
      Shape.of(
          "NewBudget",
          required("scope", TEXT, "whose spending")
              .oneOf("org", "agent", "contact", "program", "run_tree", "each_run_tree"),
          optional(
              "subject",
              TEXT,
              "the agent's id or handle, the contact's identity such as telegram:123, the program,"
                  + " or the root run; not for org and each_run_tree"),
          required("window", TEXT, "by the calendar in UTC; total for budgets of runs")
              .oneOf("hour", "day", "month", "total"),
          optional("soft", MONEY, SOFT),
          optional("hard", MONEY, HARD));
  private static final Shape LIMITS =
      Shape.of("BudgetLimits", optional("soft", MONEY, SOFT), optional("hard", MONEY, HARD));

  private final Rooms.Domain domain;

  BudgetRoutes(Rooms rooms) {
    this.domain = rooms.domain();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/budgets")
        .does("Lists budgets, and how they stand in their windows of now")
        .allows(Access.VIEWER)
        .answers(200, "BudgetList")
        .by(call -> Reply.all(budgets().list(call.org()), BudgetRoutes::view));
    routes
        .post("/api/v1/budgets")
        .does("Makes a budget; what was spent in its present window counts")
        .allows(Access.ADMIN)
        .takes(NEW_BUDGET)
        .answers(201, "Budget")
        .by(this::create);
    routes
        .get(BUDGET)
        .does("Shows a budget")
        .allows(Access.VIEWER)
        .answers(200, "Budget")
        .by(call -> Reply.ok(view(budgets().find(call.org(), id(call)))));
    routes
        .put(BUDGET)
        .does("Sets both limits of a budget anew, for calls from now on")
        .allows(Access.ADMIN)
        .takes(LIMITS)
        .answers(200, "Budget")
        .by(this::change);
    routes
        .delete(BUDGET)
        .does("Removes a budget")
        .allows(Access.ADMIN)
        .answers(204, null)
        .by(this::remove);
  }

  private Budgets budgets() {
    return domain.spend().budgets();
  }

  private static BudgetId id(Call call) {
    return call.id("budget", "bdg", BudgetId::new);
  }

  private Reply create(Call call) {
    Fields body = call.body(NEW_BUDGET);
    String label = body.text("scope");
    NewBudget wish =
        new NewBudget(
            Scope.of(label, subject(call.org(), label, body.text("subject", ""))),
            Window.of(body.text("window")),
            limits(body));
    return Reply.json(201, view(budgets().create(call.org(), wish)));
  }

  /** People know agents by their handles. */
  private String subject(OrgId org, String label, String given) {
    return label.equals("agent") ? domain.agents().require(org, given).id().value() : given;
  }

  private static Limits limits(Fields body) {
    return new Limits(Amounts.read(body, "soft"), Amounts.read(body, "hard"));
  }

  private Reply change(Call call) {
    BudgetId id = budgets().find(call.org(), id(call)).budget().id();
    return Reply.ok(view(budgets().change(call.org(), id, limits(call.body(LIMITS)))));
  }

  private Reply remove(Call call) {
    budgets().remove(call.org(), id(call));
    return Reply.nothing();
  }

  private static ObjectNode view(Standing standing) {
    Budget budget = standing.budget();
    Instant resets = standing.resetsAt();
    ObjectNode json =
        Json.object()
            .put("id", budget.id().value())
            .put("scope", budget.scope().label())
            .put("subject", budget.scope().subject())
            .put("window", budget.window().label());
    Amounts.put(json, "soft", budget.limits().soft());
    Amounts.put(json, "hard", budget.limits().hard());
    boolean one = !(budget.scope() instanceof Scope.EachRunTree);
    Amounts.put(json, "spent", one ? standing.spent() : null);
    Amounts.put(json, "reserved", one ? standing.reserved() : null);
    Amounts.put(json, "left", one ? standing.left() : null);
    return json.put("resets_at", resets == null ? null : Times.of(resets))
        .put("created_at", Times.of(budget.createdAt()))
        .put("updated_at", Times.of(budget.updatedAt()));
  }
}
