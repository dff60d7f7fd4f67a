package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations through messages and the journal. */
class ChatIT {
  @TempDir private Path home;
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = FakeServer.announcedIn(home);
    server.on("GET", "/api/v1/agents/rook", 200, "{'id':'agt_1','handle':'rook','name':'Rook'}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The run of a message has the number of its event. */
  private static String run(FakeServer.Said said) {
    return said.event().replace("evt", "run");
  }

  private static void woke(FakeServer fake, FakeServer.Said said) {
    fake.happens("event.accepted", said.event(), said.conversation(), "{}");
    fake.happens("run.queued", run(said), said.conversation(), "{'event':'" + said.event() + "'}");
  }

  private static void says(FakeServer fake, FakeServer.Said said, String text) {
    fake.happens(
        "delivery.sent",
        "dlv_1",
        said.conversation(),
        "{'run':'" + run(said) + "','text':'" + text + "'}");
  }

  private static void ends(FakeServer fake, FakeServer.Said said, String state, String reason) {
    fake.happens(
        "run.finished",
        run(said),
        said.conversation(),
        "{'state':'" + state + "','failure_reason':" + reason + "}");
  }

  private static void echo(FakeServer fake, FakeServer.Said said) {
    woke(fake, said);
    says(fake, said, "You said " + said.text());
    ends(fake, said, "done", "null");
  }

  @Test
  void each_piped_line_is_a_message_and_each_reply_is_awaited() {
    server.agent(ChatIT::echo);
    Shell.Result result = new Shell().home(home).input("one\n\ntwo\n").run("chat", "rook");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).containsExactly("You said one", "You said two");
    assertThat(server.events()).isEqualTo(2);
  }

  @Test
  void quit_ends_before_the_rest() {
    server.agent(ChatIT::echo);
    Shell.Result result = new Shell().home(home).input("one\n/quit\ntwo\n").run("chat", "rook");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).containsExactly("You said one");
  }

  @Test
  void clear_is_a_message_that_is_answered_without_a_run() {
    server
        .agent(
            (fake, said) ->
                fake.happens("event.accepted", said.event(), said.conversation(), "{}")
                    .happens(
                        "delivery.sent",
                        "dlv_1",
                        said.conversation(),
                        "{'text':'I start afresh.'}"))
        .on("GET", "/api/v1/events/evt_1", 200, "{'dispatch':'dispatched','activations':[]}");
    Shell.Result result = new Shell().home(home).input("/clear\n").run("chat", "rook");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).containsExactly("I start afresh.");
    assertThat(server.last("POST").json().path("text").asText()).isEqualTo("/clear");
  }

  @Test
  void steps_and_failures_are_told_on_stderr_and_a_failed_run_exits_with_1() {
    server.agent(
        (fake, said) -> {
          woke(fake, said);
          fake.happens(
              "step.started", run(said), said.conversation(), "{'kind':'tool','name':'weather'}");
          fake.happens(
              "step.finished",
              run(said),
              said.conversation(),
              "{'kind':'tool','name':'weather','failed':true}");
          ends(fake, said, "failed", "'tool_failed'");
          says(fake, said, "I could not finish this.");
        });
    Shell.Result result = new Shell().home(home).input("weather?\n").run("chat", "rook");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.outLines()).containsExactly("I could not finish this.");
    assertThat(result.err())
        .contains("· calling tool weather …", "· tool weather failed", "failed: tool_failed");
  }

  @Test
  void a_run_that_waits_for_a_person_ends_piped_input_with_5() {
    server.agent(
        (fake, said) -> {
          woke(fake, said);
          fake.happens(
              "run.parked",
              run(said),
              said.conversation(),
              "{'state':'waiting_permission','reason':'unknown_outcome'}");
          says(fake, said, "I stopped.");
        });
    Shell.Result result = new Shell().home(home).input("pay\nmore\n").run("chat", "rook");
    assertThat(result.exitCode()).isEqualTo(Exit.WAITING);
    assertThat(result.outLines()).containsExactly("I stopped.");
    assertThat(result.err()).contains("waits for a person (unknown_outcome)").contains("run_1");
    assertThat(server.events()).isEqualTo(1);
  }

  @Test
  void a_message_that_joins_a_waiting_run_is_not_waited_for_in_vain() {
    server
        .agent(
            (fake, said) ->
                fake.happens(
                    "run.input_added",
                    "run_old",
                    said.conversation(),
                    "{'event':'" + said.event() + "'}"))
        .on(
            "GET",
            "/api/v1/runs/run_old",
            200,
            "{'id':'run_old','state':'waiting_permission','wait_reason':'unknown_outcome'}");
    assertThat(new Shell().home(home).run("ask", "rook", "hello?").exitCode())
        .isEqualTo(Exit.WAITING);
  }

  @Test
  void when_nobody_wakes_the_reason_is_told() {
    server.on(
        "GET",
        "/api/v1/events/evt_1",
        200,
        "{'dispatch':'dispatched','activations':[{'decision':'skipped','why':'The agent is switched off.','run':null}]}");
    Shell.Result result = new Shell().home(home).run("ask", "rook", "hello?");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("The agent is switched off.").contains("events show evt_1");
  }

  @Test
  void a_person_at_a_terminal_sees_who_speaks() {
    server.agent(ChatIT::echo);
    Shell.Result result =
        new Shell()
            .home(home)
            .interactive()
            .env("NO_COLOR", "1")
            .input("one\n")
            .run("chat", "rook");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).containsExactly("rook: You said one");
    assertThat(result.err()).contains("Rook listens.").contains("> ");
  }

  @Test
  void an_unknown_agent_exits_with_3() {
    assertThat(new Shell().home(home).run("chat", "nobody").exitCode()).isEqualTo(Exit.NOT_FOUND);
  }

  @Test
  void ask_prints_the_reply_and_begins_a_conversation_of_its_own() {
    server.agent(ChatIT::echo);
    Shell.Result first = new Shell().home(home).run("ask", "rook", "what", "now?");
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).isEqualTo("You said what now?\n");
    String one = server.last("POST").json().path("conversation").asText();
    new Shell().home(home).input("from stdin\n").run("ask", "rook", "-");
    JsonNode second = server.last("POST").json();
    assertThat(second.path("text").asText()).isEqualTo("from stdin");
    assertThat(one).startsWith("cli:").isNotEqualTo(second.path("conversation").asText());
    new Shell().home(home).run("ask", "rook", "--conversation", "cli:shop", "x");
    assertThat(server.last("POST").json().path("conversation").asText()).isEqualTo("cli:shop");
  }

  @Test
  void ask_in_json_is_one_object() {
    server.agent(ChatIT::echo);
    JsonNode turn = Json.parse(new Shell().home(home).run("ask", "rook", "--json", "hi").out());
    assertThat(turn.path("ending").asText()).isEqualTo("replied");
    assertThat(turn.path("run").asText()).isEqualTo("run_1");
    assertThat(turn.path("replies").get(0).asText()).isEqualTo("You said hi");
    assertThat(new Shell().home(home).run("ask", "rook", "-q", "hi").out()).isEqualTo("run_2\n");
  }

  @Test
  void ask_gives_up_in_time_and_says_that_the_run_goes_on() {
    server
        .agent(ChatIT::woke)
        .on("GET", "/api/v1/runs/run_1", 200, "{'id':'run_1','state':'running'}");
    Shell.Result result = new Shell().home(home).run("ask", "rook", "--timeout", "200ms", "hi");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.err()).contains("the run goes on").contains("runs show run_1");
  }

  @Test
  void a_restart_in_the_middle_is_told_and_lived_through() throws Exception {
    CountDownLatch woken = new CountDownLatch(1);
    server.agent(
        (fake, said) -> {
          woke(fake, said);
          woken.countDown();
        });
    Shell shell = new Shell().home(home);
    CountDownLatch told = shell.onErr("the server does not answer");
    CompletableFuture<Shell.Result> asking =
        CompletableFuture.supplyAsync(
            () -> shell.run("ask", "rook", "--conversation", "cli:x", "hi"));
    assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
    FakeServer gone = server;
    gone.close();
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    server = FakeServer.restarted(gone);
    FakeServer.Said said = new FakeServer.Said("hi", "evt_1", "cli:x");
    says(server, said, "Back again");
    ends(server, said, "done", "null");
    Shell.Result result = asking.get(20, TimeUnit.SECONDS);
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo("Back again\n");
    assertThat(result.err())
        .contains("· the server does not answer; trying again …")
        .contains("· the server is back");
    assertThat(server.events()).isEqualTo(1);
  }

  @Test
  void a_message_whose_answer_was_lost_is_sent_again_under_the_same_key() throws Exception {
    FakeServer first = server;
    CountDownLatch accepted = new CountDownLatch(1);
    first.agent(
        (fake, said) -> {
          echo(fake, said);
          accepted.countDown();
          fake.hang();
        });
    CompletableFuture<Shell.Result> asking =
        CompletableFuture.supplyAsync(
            () -> new Shell().home(home).run("ask", "rook", "--conversation", "cli:x", "hi"));
    assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
    first.close();
    server = FakeServer.restarted(first);
    Shell.Result result = asking.get(20, TimeUnit.SECONDS);
    assertThat(result.out()).isEqualTo("You said hi\n");
    assertThat(server.events()).isEqualTo(1);
  }
}
