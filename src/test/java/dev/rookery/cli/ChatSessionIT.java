package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person at a terminal: replies as they come, questions in between, Ctrl-C. */
class ChatSessionIT {
  private static final String HERE = "cli:x";
  private static final String PENDING =
      "{'id':'apr_1','state':'pending','tool':'bash','run':'run_1','conversation':'cli:x',"
          + "'arguments':{'command':'git push'},'sha256':'abc','rule':'ask bash(git push *)',"
          + "'why':'The rule asks.','preview':'git push origin main',"
          + "'deadline':'2026-11-21T12:00:00.000Z'}";

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

  private Shell.Result chat(String input, String... env) {
    Shell shell = new Shell().home(home).interactive().env("NO_COLOR", "1").input(input);
    for (int i = 0; i < env.length; i += 2) {
      shell.env(env[i], env[i + 1]);
    }
    return shell.run("chat", "rook", "--conversation", HERE);
  }

  private void woke() {
    server.happens("run.queued", "run_1", HERE, "{'event':'evt_1'}");
  }

  private void says(String text) {
    server.happens("step.finished", "run_1", HERE, "{'kind':'model','name':'m','step':1}");
    server.happens("delivery.sent", "dlv_1", HERE, "{'run':'run_1','text':'" + text + "'}");
    server.happens("run.finished", "run_1", HERE, "{'state':'done'}");
  }

  private void pieces(String... texts) {
    for (String text : texts) {
      server.sockets().token("run_1", HERE, 1, text);
    }
  }

  @Test
  void a_reply_is_shown_as_it_comes_and_once() {
    server.agent(
        (_, _) -> {
          pieces("You ", "said ", "one");
          woke();
          says("You said one");
        });
    assertThat(chat("one\n").out()).isEqualTo("rook: You said one\n");
  }

  @Test
  void pieces_that_were_lost_at_the_end_are_completed() {
    server.agent(
        (_, _) -> {
          pieces("You ");
          woke();
          says("You said one");
        });
    assertThat(chat("one\n").out()).isEqualTo("rook: You said one\n");
  }

  @Test
  void pieces_that_were_lost_in_between_are_written_over() {
    server.agent(
        (_, _) -> {
          pieces("You ", "one");
          woke();
          says("You said one");
        });
    assertThat(chat("one\n", "TERM", "xterm", "COLUMNS", "10", "LINES", "24").out())
        .isEqualTo("rook: You one\r\u001b[1A\u001b[Jrook: You said one\n");
  }

  @Test
  void without_a_cursor_the_whole_reply_follows_on_a_line_of_its_own() {
    server.agent(
        (_, _) -> {
          pieces("You ", "one");
          woke();
          says("You said one");
        });
    assertThat(chat("one\n").outLines()).containsExactly("rook: You one", "rook: You said one");
  }

  @Test
  void a_call_that_began_again_takes_the_place_of_the_first() {
    server.agent(
        (_, _) -> {
          pieces("Wrong");
          server.sockets().token("run_1", HERE, 2, "Right");
          woke();
          says("Right");
        });
    assertThat(chat("one\n", "TERM", "xterm", "COLUMNS", "80", "LINES", "24").out())
        .isEqualTo("rook: Wrong\r\u001b[Jrook: Right\n");
  }

  private void asks() {
    server.on("GET", "/api/v1/approvals/apr_1", 200, PENDING);
    woke();
    server.happens("approval.requested", "apr_1", HERE, "{'run':'run_1','tool':'bash'}");
    server.happens(
        "delivery.sent", "dlv_0", HERE, "{'run':'run_1','text':'May I? approvals show apr_1'}");
    server.happens(
        "run.parked", "run_1", HERE, "{'state':'waiting_permission','reason':'approval'}");
  }

  private void decided(String how) {
    server.happens("approval." + how, "apr_1", HERE, "{'run':'run_1'}");
    server.happens("run.resumed", "run_1", HERE, "{'approval':'apr_1'}");
    says("Pushed.");
  }

  @Test
  void what_is_asked_for_is_answered_where_one_talks() {
    server
        .agent((_, _) -> asks())
        .on("POST", "/api/v1/approvals/apr_1/answer", 200, "{}")
        .onCall("permission.respond", () -> decided("allowed"));
    Shell.Result result = chat("push\nx\na\n");
    assertThat(result.err())
        .contains("git push origin main", "ask bash(git push *)", "[a]llow once", "Type a, w, d");
    assertThat(server.last("POST").json())
        .isEqualTo(Json.parse("{\"answer\":\"allow\",\"id\":\"apr_1\",\"sha256\":\"abc\"}"));
    assertThat(result.out()).isEqualTo("rook: Pushed.\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void a_denial_takes_words() {
    server
        .agent((_, _) -> asks())
        .on("POST", "/api/v1/approvals/apr_1/answer", 200, "{}")
        .onCall("permission.respond", () -> decided("denied"));
    chat("push\nd\nUse staging.\n");
    assertThat(server.last("POST").json().path("text").asText()).isEqualTo("Use staging.");
  }

  @Test
  void an_edit_takes_an_object_and_nothing_else() {
    server
        .agent((_, _) -> asks())
        .on("POST", "/api/v1/approvals/apr_1/answer", 200, "{}")
        .onCall("permission.respond", () -> decided("allowed"));
    Shell.Result result = chat("push\ne\n{oops\ne\n[]\ne\n{\"command\":\"git pull\"}\n");
    assertThat(result.err()).contains("That is no JSON", "That is JSON, but no object");
    assertThat(server.last("POST").json().path("arguments"))
        .isEqualTo(Json.parse("{\"command\":\"git pull\"}"));
  }

  @Test
  void somebody_who_answered_first_is_told_of() {
    server
        .agent((_, _) -> asks())
        .problem("POST", "/api/v1/approvals/apr_1/answer", 409, "Ada denied it before.")
        .onCall("permission.respond", () -> decided("denied"));
    Shell.Result result = chat("push\na\n");
    assertThat(result.err()).contains("Ada denied it before.");
    assertThat(result.out()).isEqualTo("rook: Pushed.\n");
  }

  @Test
  void what_is_left_for_later_can_be_answered_later() {
    server
        .agent((_, _) -> asks())
        .on("POST", "/api/v1/approvals/apr_1/answer", 200, "{}")
        .onCall("permission.respond", () -> decided("allowed"));
    Shell.Result result = chat("push\ns\n\na\n");
    assertThat(result.err()).contains("left for later: rookery approvals show apr_1");
    assertThat(server.last("POST").json().path("answer").asText()).isEqualTo("allow");
  }

  @Test
  void what_was_asked_before_one_came_is_offered() {
    server
        .on("GET", "/api/v1/approvals", 200, "{'items':[" + PENDING + "],'next':null}")
        .on("GET", "/api/v1/approvals/apr_1", 200, PENDING)
        .on("POST", "/api/v1/approvals/apr_1/answer", 200, "{}");
    Shell.Result result = chat("\nw\n");
    assertThat(result.err()).contains("Press Enter to answer.", "git push origin main");
    assertThat(server.last("POST").json().path("answer").asText()).isEqualTo("always");
  }

  /** What is typed, as it is typed. */
  private static final class Keys extends InputStream {
    private final BlockingQueue<Integer> typed = new LinkedBlockingQueue<>();

    void type(String text) {
      text.chars().forEach(typed::add);
    }

    @Override
    public int read() throws IOException {
      try {
        return typed.take();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      into[from] = (byte) read();
      return 1;
    }
  }

  @Test
  void ctrl_c_stops_the_run_and_the_conversation_goes_on() throws Exception {
    server
        .agent(
            (_, _) -> {
              woke();
              server.happens("step.started", "run_1", HERE, "{'kind':'tool','name':'pay'}");
            })
        .on("POST", "/api/v1/runs/run_1/cancel", 200, "{'result':'cancelled'}")
        .onCall(
            "run.stop",
            () -> server.happens("run.finished", "run_1", HERE, "{'state':'cancelled'}"));
    Shell shell = new Shell().home(home).env("NO_COLOR", "1");
    CountDownLatch busy = shell.onErr("calling tool pay");
    CountDownLatch over = shell.onErr("run run_1 cancelled");
    try (Keys keys = new Keys()) {
      shell.typing(keys);
      CompletableFuture<Shell.Result> chat =
          CompletableFuture.supplyAsync(
              () -> shell.run("chat", "rook", "--conversation", HERE),
              task -> Thread.ofVirtual().start(task));
      keys.type("go\n");
      assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
      shell.interrupt();
      assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
      keys.type("/quit\n");
      assertThat(chat.get(20, TimeUnit.SECONDS).exitCode()).isZero();
    }
  }
}
