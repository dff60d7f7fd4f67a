package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.Rookery;
import dev.rookery.kernel.Json;
import dev.rookery.ops.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpIT {
  @TempDir private Path home;

  private Banner banner(boolean owned, boolean usualDir) {
    return new Banner(
        "http://127.0.0.1:7800",
        owned ? null : "http://127.0.0.1:7800/setup/abc",
        new Rookery.Described(
            "nod_1",
            home,
            "SQLite",
            "scripted model: no provider key is set",
            "Commands run in local-bwrap.",
            true),
        usualDir);
  }

  @Test
  void readiness_fits_one_screen_and_says_what_to_do_next() {
    List<String> lines = banner(false, true).lines(new Style(false));
    assertThat(lines).hasSizeLessThan(24);
    assertThat(String.join("\n", lines))
        .contains("ready", "http://127.0.0.1:7800/setup/abc", home.toString(), "SQLite")
        .contains("scripted model: no provider key is set", "Commands run in local-bwrap.")
        .contains("agents create", "chat rook", "integrations create telegram");
    assertThat(String.join("\n", banner(true, true).lines(new Style(false))))
        .doesNotContain("setup");
  }

  @Test
  void the_commands_name_an_unusual_directory() {
    Banner elsewhere = banner(true, false);
    assertThat(String.join("\n", elsewhere.lines(new Style(false))))
        .contains("--data-dir=" + home + " chat rook");
    assertThat(banner(false, true).json().path("url").asText()).isEqualTo("http://127.0.0.1:7800");
  }

  @Test
  void a_refused_start_has_a_cause_and_no_stack_trace() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");
    Shell.Result result = new Shell().run("up", "--data-dir", file.resolve("x").toString());
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.err()).contains("data-dir").doesNotContain("\tat ");
    assertThat(new Shell().run("up", "--verbose", "--data-dir", file.resolve("x").toString()).err())
        .contains("\tat ");
  }

  @Test
  void a_password_on_the_command_line_is_refused() {
    for (String url :
        List.of("jdbc:postgresql://h/db?user=a&password=b", "jdbc:postgresql://a:b@h/db")) {
      Shell.Result result = new Shell().home(home).run("up", "--database-url", url);
      assertThat(result.exitCode()).isEqualTo(Exit.USAGE);
      assertThat(result.err()).contains("ROOKERY_DATABASE_PASSWORD");
    }
  }

  @Test
  void init_makes_everything_once_and_nothing_the_second_time() {
    Path directory = home.resolve("data");
    Shell.Result first = new Shell().home(directory).run("init", "--json");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(Json.parse(first.out()).path("made"))
        .hasSize(5)
        .allSatisfy(part -> assertThat(part.path("fresh").asBoolean()).isTrue());
    assertThat(directory.resolve("rookery.db")).exists();
    assertThat(directory.resolve("master.key")).exists();
    assertThat(directory.resolve("cli.key")).content().startsWith("rk_");
    assertThat(Json.parse(new Shell().home(directory).run("init", "--json").out()).path("made"))
        .hasSize(5)
        .allSatisfy(part -> assertThat(part.path("fresh").asBoolean()).isFalse());
    assertThat(new Shell().home(directory).run("init").out()).contains("was there");
  }

  @Test
  void commands_in_messages_can_be_pasted() {
    assertThat(Program.name("/x/rookery", Path.of("/x"))).isEqualTo("./rookery");
    assertThat(Program.name("/x/rookery", Path.of("/y"))).isEqualTo("rookery");
    assertThat(Program.name(null, Path.of("/x"))).isEqualTo("rookery");
  }

  /** The same words against the real server: what the fake of the other tests promises is true. */
  @Test
  void a_message_asked_on_the_command_line_takes_the_path_of_all_events() {
    Path directory = home.resolve("real");
    Settings settings =
        new Settings(
            directory, "127.0.0.1", 0, null, null, Map.of("OLLAMA_BASE_URL", "http://127.0.0.1:1"));
    try (Rookery rookery = Rookery.start(settings)) {
      assertThat(rookery.url()).startsWith("http://127.0.0.1:");
      assertThat(real(directory, "agents", "create", "rook").exitCode()).isZero();
      Shell.Result asked = real(directory, "ask", "rook", "--json", "hello there");
      assertThat(asked.exitCode()).as(asked.err()).isZero();
      String run = Json.parse(asked.out()).path("run").asText();
      assertThat(real(directory, "runs", "list", "-q").outLines()).containsExactly(run);
      assertThat(real(directory, "runs", "show", run).out()).contains("Why it woke", "done");
      assertThat(new Shell().home(directory).input("one\n/clear\n").run("chat", "rook").outLines())
          .hasSizeGreaterThanOrEqualTo(2);
      for (String list :
          List.of("agents", "tools", "integrations", "keys", "runs", "events", "deliveries")) {
        Shell.Result result = real(directory, list, "list", "--json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Json.parse(result.out()).path("items").isArray()).isTrue();
        assertThat(real(directory, list, "list").exitCode()).isZero();
      }
      String event = real(directory, "events", "list", "-q").outLines().getFirst();
      assertThat(real(directory, "events", "show", event).out()).contains("Decisions");
      assertThat(real(directory, "status").out()).contains("scripted");
      assertThat(real(directory, "tail", "--after", "0", "--no-follow").out())
          .contains("run.finished");
      assertThat(real(directory, "doctor").exitCode()).isZero();
      assertThat(real(directory, "agents", "show", "nobody").exitCode()).isEqualTo(Exit.NOT_FOUND);
      Shell.Result second = real(directory, "up", "--port", "0");
      assertThat(second.exitCode()).isEqualTo(Exit.FAILED);
      assertThat(second.err()).contains("in use by process");
    }
  }

  private static Shell.Result real(Path directory, String... args) {
    return new Shell().home(directory).run(args);
  }
}
