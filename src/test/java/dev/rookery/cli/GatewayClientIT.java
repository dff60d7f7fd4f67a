package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that are lost, refused and made again. */
class GatewayClientIT {
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

  private void happens(int times) {
    IntStream.range(0, times).forEach(i -> server.happens("note", "n" + i, "cli:x", "{}"));
  }

  private CompletableFuture<Shell.Result> tail(Shell shell, String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "tail";
    args[1] = "--json-lines";
    System.arraycopy(more, 0, args, 2, more.length);
    return CompletableFuture.supplyAsync(
        () -> shell.home(home).run(args), task -> Thread.ofVirtual().start(task));
  }

  private static List<Long> seqs(Shell.Result result) {
    return result.outLines().stream().map(l -> Json.parse(l).path("seq").asLong()).toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /** Ends a tail that would go on for ever, as its key is taken away. */
  private Shell.Result ended(CompletableFuture<Shell.Result> tail) throws Exception {
    server.sockets().drop(4401, "The API key was revoked. Use another one.");
    return tail.get(20, TimeUnit.SECONDS);
  }

  @Test
  void a_lost_connection_is_made_again_and_goes_on_after_the_last_record() throws Exception {
    happens(50);
    Shell shell = new Shell();
    CountDownLatch first = shell.onOut("\"seq\":50,");
    CountDownLatch back = shell.onErr("the server is back");
    CompletableFuture<Shell.Result> tail = tail(shell, "--after", "0");
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    CountDownLatch second = shell.onOut("\"seq\":100,");
    server.sockets().drop(0, "");
    happens(50);
    assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(back.await(20, TimeUnit.SECONDS)).isTrue();
    Shell.Result result = ended(tail);
    assertThat(seqs(result)).isEqualTo(upTo(100));
    assertThat(server.sockets().hellos()).extracting(h -> h.path("after").asLong(-1)).contains(50L);
    assertThat(result.err()).contains("the server does not answer; trying again");
  }

  @Test
  void a_server_that_comes_back_elsewhere_is_found() throws Exception {
    happens(3);
    Shell shell = new Shell();
    CountDownLatch first = shell.onOut("\"seq\":3,");
    CompletableFuture<Shell.Result> tail = tail(shell, "--after", "0");
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    CountDownLatch second = shell.onOut("\"seq\":6,");
    FakeServer gone = server;
    server = FakeServer.announcedIn(home);
    happens(6);
    gone.sockets().drop(1001, "The server stops.");
    assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(seqs(ended(tail))).isEqualTo(upTo(6));
    gone.close();
  }

  @Test
  void a_key_that_is_revoked_ends_it_with_4() throws Exception {
    happens(1);
    Shell shell = new Shell();
    CountDownLatch first = shell.onOut("\"seq\":1,");
    CompletableFuture<Shell.Result> tail = tail(shell, "--after", "0");
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    Shell.Result result = ended(tail);
    assertThat(result.exitCode()).isEqualTo(Exit.AUTH);
    assertThat(result.err()).contains("The API key was revoked.");
    assertThat(server.sockets().hellos()).hasSize(1);
  }

  @Test
  void a_protocol_that_is_not_understood_is_final() throws Exception {
    happens(1);
    Shell shell = new Shell();
    CountDownLatch first = shell.onOut("\"seq\":1,");
    CompletableFuture<Shell.Result> tail = tail(shell, "--after", "0");
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    server.sockets().drop(4400, "Version 2 is not spoken here.");
    Shell.Result result = tail.get(20, TimeUnit.SECONDS);
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.err()).contains("Version 2 is not spoken here.");
  }

  @Test
  void a_cursor_from_the_future_ends_it_with_2() {
    server
        .sockets()
        .refuse("{'code':'cursor-from-the-future','detail':'The newest record is 15, not 99.'}");
    Shell.Result result = new Shell().home(home).run("tail", "--after", "99");
    assertThat(result.exitCode()).isEqualTo(Exit.USAGE);
    assertThat(result.err()).contains("The newest record is 15").contains("cursor-from-the-future");
  }

  @Test
  void without_a_server_tail_says_so_at_once() {
    server.close();
    Shell.Result result = new Shell().home(home).run("tail");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.err()).contains("does not answer").contains("rookery up");
  }

  @Test
  void a_cursor_file_is_kept_and_taken_up_again() throws Exception {
    Path cursor = home.resolve("tail.cursor");
    happens(4);
    Files.writeString(cursor, "2\n");
    Shell.Result first =
        new Shell()
            .home(home)
            .run("tail", "--json-lines", "--no-follow", "--cursor", cursor.toString());
    assertThat(seqs(first)).containsExactly(3L, 4L);
    assertThat(cursor).hasContent("4");
    happens(1);
    Shell.Result second =
        new Shell()
            .home(home)
            .run("tail", "--json-lines", "--no-follow", "--cursor", cursor.toString());
    assertThat(seqs(second)).containsExactly(5L);
    Files.writeString(cursor, "five");
    Shell.Result wrong = new Shell().home(home).run("tail", "--cursor", cursor.toString());
    assertThat(wrong.exitCode()).isEqualTo(Exit.USAGE);
    assertThat(wrong.err()).contains("tail.cursor");
  }

  @Test
  void a_tail_can_be_narrowed() {
    server.happens("run.queued", "run_1", "cli:x", "{}");
    server.happens("delivery.sent", "dlv_1", "cli:x", "{'run':'run_1'}");
    server.happens("run.queued", "run_2", "cli:y", "{}");
    Shell shell = new Shell().home(home);
    String[] all = {"tail", "--after", "0", "--no-follow", "-q"};
    assertThat(shell.run(with(all, "--run", "run_1")).out()).isEqualTo("1\n2\n");
    assertThat(shell.run(with(all, "--conversation", "cli:y")).out()).isEqualTo("3\n");
    assertThat(shell.run(with(all, "--kind", "run.")).out()).isEqualTo("1\n3\n");
    assertThat(shell.run(with(all, "--run", "run_1", "--agent", "x")).exitCode())
        .isEqualTo(Exit.USAGE);
  }

  private static String[] with(String[] args, String... more) {
    return java.util.stream.Stream.of(args, more)
        .flatMap(java.util.Arrays::stream)
        .toArray(String[]::new);
  }

  @Test
  void pieces_of_text_are_printed_only_on_demand() throws Exception {
    happens(1);
    Shell shell = new Shell();
    CountDownLatch first = shell.onOut("\"seq\":1,");
    CountDownLatch piece = shell.onOut("Hel");
    CompletableFuture<Shell.Result> tail = tail(shell, "--after", "0", "--tokens");
    assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
    server.sockets().token("run_1", "cli:x", 1, "Hel");
    assertThat(piece.await(20, TimeUnit.SECONDS)).isTrue();
    Shell.Result result = ended(tail);
    assertThat(Json.parse(result.outLines().getLast()).path("kind").asText())
        .isEqualTo("run.token");
  }
}
