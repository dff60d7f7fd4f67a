package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Many ask at once for more than the agent may spend; then the limit is raised. */
final class BudgetChapter {
  private static final String LIMIT = "0.50";
  private static final String RAISED = "2.00";
  private static final Duration GLANCE = Duration.ofMillis(100);
  private static final Set<String> OVER = Set.of("done", "failed", "cancelled");

  private final Stage stage;

  BudgetChapter(Stage stage) {
    this.stage = stage;
  }

  Hands.Purse play() throws InterruptedException {
    stage.section(
        "A budget that holds",
        HandsStory.GUESTS
            + " people write at once, more than there is money for: the rest waits, nothing fails.");
    String budget = limit();
    List<Integer> statuses = Demo.together(HandsStory.CROWD.stream().map(this::sending).toList());
    for (int i = 0; i < statuses.size(); i++) {
      stage.statuses().put(HandsStory.CROWD.get(i), List.of(statuses.get(i)));
    }
    stage.fact("webhook", statuses.size() + " messages, answered " + Stage.distinct(statuses));
    Hands.Held first = settle(budget);
    tell(first);
    stage.api().put("/api/v1/budgets/" + budget, Json.object().put("hard", RAISED));
    stage.fact("budget", "somebody raises it to $" + RAISED);
    Hands.Held raised = settle(budget);
    tell(raised);
    return new Hands.Purse(HandsStory.GUESTS, first, raised);
  }

  private Callable<Integer> sending(Story.Line line) {
    return () -> stage.desk().deliver(stage.bot(), line.update(stage.updates()));
  }

  /** The id of a new budget for the agent. */
  private String limit() throws InterruptedException {
    stage
        .api()
        .put(
            "/api/v1/prices",
            Json.object()
                .put("kind", "model")
                .put("name", "scripted")
                .put("input", "3")
                .put("output", "15"));
    JsonNode budget =
        stage
            .api()
            .post(
                "/api/v1/budgets",
                Json.object()
                    .put("scope", "agent")
                    .put("subject", Story.AGENT)
                    .put("window", "month")
                    .put("hard", LIMIT));
    stage.fact("price", "$3 per million tokens of input, $15 of output, for the scripted model");
    stage.fact("budget", "$" + LIMIT + " for @" + Story.AGENT + ", hard");
    return budget.path("id").asText();
  }

  /** Waits until nothing goes on without more money, and tells how it stands. */
  private Hands.Held settle(String budget) throws InterruptedException {
    long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
    Hands.Held held = held(budget);
    while (!still(held) && System.nanoTime() < deadline) {
      stage.ledger().pause(GLANCE);
      held = held(budget);
    }
    return held;
  }

  /** All have their answer, or wait for money of which the next call needs more than is left. */
  private boolean still(Hands.Held held) throws InterruptedException {
    boolean all = held.answered() + held.parked() + held.failed() == HandsStory.GUESTS;
    if (!all || held.reserved() > 0) {
      return false;
    }
    stage.journal().catchUp();
    return held.parked() == 0 || held.limit() - held.spent() < wanted();
  }

  /** What one more call would have reserved. */
  private long wanted() {
    return stage.journal().entries().stream()
        .filter(entry -> entry.is("budget.exhausted"))
        .map(entry -> micros(new BigDecimal(entry.field("wanted"))))
        .findFirst()
        .orElse(0L);
  }

  private Hands.Held held(String budget) throws InterruptedException {
    List<JsonNode> runs =
        stage.api().all("/api/v1/runs").stream().filter(BudgetChapter::isOfCrowd).toList();
    int failed = (int) runs.stream().filter(run -> isOver(run) && !is(run, "done")).count();
    int parked =
        (int)
            runs.stream()
                .filter(run -> !isOver(run) && run.path("wait_reason").asText().equals("budget"))
                .count();
    JsonNode now = stage.api().get("/api/v1/budgets/" + budget);
    return new Hands.Held(
        micros(now.path("hard").decimalValue()),
        Math.max(micros(now.path("spent").decimalValue()), booked()),
        micros(now.path("reserved").decimalValue()),
        answered(),
        parked,
        failed);
  }

  private static boolean isOfCrowd(JsonNode run) {
    String conversation = run.path("conversation").asText();
    return HandsStory.CROWD.stream().anyMatch(line -> line.isIn(conversation));
  }

  private static boolean isOver(JsonNode run) {
    return OVER.contains(run.path("state").asText());
  }

  private static boolean is(JsonNode run, String state) {
    return run.path("state").asText().equals(state);
  }

  /** The same money, added up from the books of single calls. */
  private long booked() throws InterruptedException {
    JsonNode spent = stage.api().get("/api/v1/spend?agent=" + Story.AGENT).at("/total/spent");
    return micros(spent.decimalValue());
  }

  /** Chats with exactly one answer; notices are none. */
  private int answered() {
    return (int)
        HandsStory.CROWD.stream()
            .filter(
                line ->
                    stage.bot().messages(line.chat()).stream()
                            .filter(message -> message.text().contains(HandsStory.ANSWER))
                            .count()
                        == 1)
            .count();
  }

  private static long micros(BigDecimal dollars) {
    return dollars.movePointRight(6).longValueExact();
  }

  private void tell(Hands.Held held) {
    stage.fact(
        "budget",
        "spent %s of %s: %d answered, %d wait for money, %d failed"
            .formatted(
                Facts.dollars(held.spent()),
                Facts.dollars(held.limit()),
                held.answered(),
                held.parked(),
                held.failed()));
  }
}
