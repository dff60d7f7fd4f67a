package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A person who talks to an agent at a terminal: replies as they come, and what the agent asks
 * permission for is answered in between.
 */
final class ChatSession {
  private static final String PROMPT = "> ";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final String ERASE_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final Output output;
  private final Dialogue dialogue;
  private final Duration limit;
  private final Keyboard keyboard;
  private final Narrator narrator;
  private final OpenRequests requests = new OpenRequests();
  private final ApprovalDialog approvals;
  private volatile @Nullable Turn current;
  private volatile boolean stopping;
  private boolean caughtUp;
  private boolean prompted;

  ChatSession(Context context, Dialogue dialogue, String agent, Duration limit) {
    this.terminal = context.terminal();
    this.output = context.output();
    this.dialogue = dialogue;
    this.limit = limit;
    this.keyboard = new Keyboard(terminal);
    RunDetails details = new RunDetails(run -> dialogue.call("run.get", RunDetails.params(run)));
    this.narrator =
        new Narrator(output, context.style(), agent + ": ")
            .live(terminal)
            .details(details)
            .without(requests::named);
    this.approvals = new ApprovalDialog(context, dialogue, requests, this::prompt);
  }

  /** Until the person leaves. */
  int run() {
    terminal.onInterrupt(this::interrupted);
    while (true) {
      catchUp();
      String line = prompt(PROMPT);
      if (line == null || line.strip().equals("/quit")) {
        return Exit.OK;
      }
      if (line.isBlank()) {
        decide();
      } else {
        turn(line);
      }
    }
  }

  private void turn(String line) {
    Turn turn = dialogue.say(line);
    stopping = false;
    current = turn;
    dialogue.follow(turn, limit, this::happens);
    catchUp();
    while (turn.ending() == Turn.Ending.WAITING && !requests.isEmpty() && decide()) {
      turn.goOn();
      dialogue.follow(turn, limit, this::happens);
    }
    current = null;
    narrator.pause();
    AskCommand.explain(output, turn);
  }

  /** What was asked before we came, once the conversation is known. */
  private void catchUp() {
    if (caughtUp || !dialogue.open()) {
      return;
    }
    caughtUp = true;
    JsonNode page;
    try {
      page = dialogue.call("permission.list", Json.object().put("state", "pending"));
    } catch (CliFailure failure) {
      output.note("What waits for a decision cannot be read: " + Glyphs.line(failure.text()));
      return;
    }
    int before = requests.size();
    for (JsonNode item : page.path("items")) {
      if (item.path("conversation").asText().equals(dialogue.conversation())) {
        requests.add(item.path("id").asText(), item.path("run").asText());
      }
    }
    announce(before);
  }

  private void announce(int before) {
    if (current == null && requests.size() > before) {
      output.note("Permission is asked for. Press Enter to answer.");
    }
  }

  /** Asks about all that waits; false when something is left for later. */
  private boolean decide() {
    boolean all = true;
    for (String id : requests.all()) {
      all &= approvals.decide(id);
    }
    return all;
  }

  private void happens(GatewayEvent event) {
    if (!event.token()) {
      requests.note(event.payload());
    }
    narrator.accept(event);
  }

  /** Reads a line, and meanwhile shows what happens. */
  private @Nullable String prompt(String text) {
    CompletableFuture<Optional<String>> line = keyboard.line(text);
    var _ = line.thenRun(dialogue::nudge);
    prompted = true;
    narrator.interrupting(this::clearPrompt);
    while (!line.isDone() && dialogue.open()) {
      int before = requests.size();
      List<GatewayEvent> events = dialogue.idle(LOOK);
      events.forEach(this::happens);
      announce(before);
      if (!prompted && !narrator.speaking()) {
        terminal.err().print(text);
        terminal.err().flush();
        prompted = true;
      }
    }
    narrator.interrupting(() -> {});
    return line.join().orElse(null);
  }

  private void clearPrompt() {
    if (prompted) {
      prompted = false;
      terminal.err().print(terminal.cursor() ? ERASE_LINE : System.lineSeparator());
      terminal.err().flush();
    }
  }

  /** Ctrl-C: once for the run, twice for us. */
  private void interrupted() {
    Turn turn = current;
    String run = turn == null || turn.ending() != null ? null : turn.run();
    if (run == null || stopping) {
      terminal.err().println();
      Runtime.getRuntime().exit(Exit.INTERRUPTED);
      return;
    }
    stopping = true;
    narrator.pause();
    output.note("· stopping the run; Ctrl-C again leaves");
    try {
      dialogue.call("run.stop", RunDetails.params(run));
    } catch (CliFailure failure) {
      output.note(Glyphs.harmless(failure.text()));
    }
  }
}
