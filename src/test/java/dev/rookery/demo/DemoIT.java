package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The demonstration as it is, with a server process of the classes under test. */
final class DemoIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Gives {@code --json} to all commands, as the command line does. */
  @Command(name = "rookery")
  static final class Root {
    @Option(names = "--json", arity = "0..1", fallbackValue = "*", scope = ScopeType.INHERIT)
    @Nullable String json;
  }

  private int demo(Path temporary, String... arguments) {
    PrintStream data = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new CommandLine(new Root())
        .addSubcommand(new DemoCommand(data, messages, temporary))
        .execute(arguments);
  }

  @Test
  void everything_that_is_promised_holds_and_nothing_is_left_behind(@TempDir Path temporary) {
    int code = demo(temporary, "demo", "--json");

    String printed = out.toString(StandardCharsets.UTF_8);
    assertThat(printed.lines()).as(err.toString(StandardCharsets.UTF_8)).hasSize(1);
    JsonNode json = Json.parse(printed);
    assertThat(json.path("deviations")).isEmpty();
    assertThat(code).isZero();
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("lost").asInt(-1)).isZero();
    assertThat(json.path("accepted_messages").asInt()).isEqualTo(6);
    assertThat(json.path("replies_per_message").asInt()).isEqualTo(1);
    assertThat(json.path("repeated_steps").asInt(-1)).isZero();
    assertThat(json.path("kills").asInt()).isEqualTo(4);
    assertHands(json);
    assertThat(json.path("duration_ms").asLong()).isPositive();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(temporary).isEmptyDirectory();
    assertThat(ProcessHandle.current().descendants())
        .noneMatch(child -> child.info().commandLine().orElse("").contains(temporary.toString()));
  }

  private static void assertHands(JsonNode json) {
    JsonNode sandbox = json.path("sandbox");
    if (sandbox.isTextual()) {
      assertThat(sandbox.asText()).startsWith("unavailable: ");
      assertThat(json.has("secrets_seen")).isFalse();
    } else {
      assertThat(sandbox.path("attested").asBoolean()).isTrue();
      assertThat(sandbox.path("tier").asText()).startsWith("local-");
      assertThat(json.path("secrets_seen").asInt(-1)).isZero();
      assertThat(json.at("/cancel/process_group_dead_ms").asLong(-1)).isBetween(0L, 10_000L);
    }
    assertThat(json.at("/approval/after_restart").asBoolean()).isTrue();
    assertThat(json.at("/effects/refund_order").asInt()).isEqualTo(1);
    assertThat(json.path("refused_pressers").asInt()).isEqualTo(1);
    assertThat(json.path("calls_without_permission").asInt(-1)).isZero();
    JsonNode schedule = json.path("schedule");
    assertThat(schedule.path("expected").asInt()).isGreaterThanOrEqualTo(5);
    assertThat(schedule.path("down").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(schedule.path("doubled").asInt(-1)).isZero();
    assertThat(schedule.path("unaccounted").asInt(-1)).isZero();
    assertThat(schedule.path("verdicts").valueStream().mapToInt(JsonNode::asInt).sum())
        .isEqualTo(schedule.path("expected").asInt());
    assertThat(json.path("steps_after_cancel").asInt(-1)).isZero();
    assertThat(json.at("/budget/spent").decimalValue())
        .isPositive()
        .isLessThanOrEqualTo(json.at("/budget/limit").decimalValue());
    assertThat(json.path("parked_runs").asInt()).isPositive();
    assertThat(json.path("answered_when_raised").asInt()).isEqualTo(HandsStory.GUESTS);
  }

  @Test
  void what_cannot_be_shown_exits_with_1_and_says_why(@TempDir Path directory) {
    int code = demo(directory.resolve("missing"), "demo", "--json");

    assertThat(code).isEqualTo(1);
    JsonNode json = Json.parse(out.toString(StandardCharsets.UTF_8));
    assertThat(json.path("ok").asBoolean(true)).isFalse();
    assertThat(json.path("error").asText()).contains(directory.resolve("missing").toString());
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("rookery demo: No directory");
  }

  @Test
  void a_server_that_does_not_start_is_told_with_its_last_words(@TempDir Path directory)
      throws Exception {
    Path occupied = Files.writeString(directory.resolve("data"), "a file, not a directory");
    Path log = directory.resolve("server.log");
    ServerProcess server =
        ServerProcess.start(
            new ServerProcess.Place(occupied, directory.resolve("none.yaml"), log), 0);

    assertThatThrownBy(() -> server.awaitReady((_, _) -> {}))
        .isInstanceOf(DemoFailure.class)
        .hasMessageContaining("ended with exit code")
        .hasMessageContaining("It said: ");
    assertThat(server.awaitEnd()).isNotZero();
    assertThat(log).isNotEmptyFile();
  }
}
