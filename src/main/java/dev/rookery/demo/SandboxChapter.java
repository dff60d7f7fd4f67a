package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.demo.JournalTail.Entry;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command in the agent's sandbox, and one that tries to get out of it: for a file of the host,
 * the key of the server, its environment, and a server on the host's loopback.
 */
final class SandboxChapter {
  /** Arguments of a command of which a machine has no second one. */
  static final long NIGHT = 1_000_000L + new SecureRandom().nextInt(8_000_000);

  /** A variable that the server has in its environment. */
  private static final String OF_SERVER = "ROOKERY_SCRIPT=";

  private static final String TOUCHED = "touched_from_the_sandbox";
  private static final Pattern COUNTED = Pattern.compile("(\\d+) orders\\.txt");
  private static final int SHOWN = 6;
  private static final String UNAVAILABLE = "[sandbox-unavailable]";

  private final Stage stage;

  SandboxChapter(Stage stage) {
    this.stage = stage;
  }

  Sandboxed play() throws InterruptedException {
    stage.section(
        "A command in the sandbox",
        "The agent may run any command here; what it cannot reach, no rule has to forbid.");
    if (!offersShell()) {
      return notShown("the server has no tool named " + HandsStory.SHELL);
    }
    String canary = "canary-" + HexFormat.of().formatHex(random());
    Path file = stage.workplace().leave("canary.txt", canary + "\n");
    stage.workplace().script(Story.script(HandsStory.shellRules(pry(file), watch())));
    Desk.rule(stage.api(), HandsStory.SHELL, "allow");
    stage.fact("rule", "allow " + HandsStory.SHELL + ", which is every command");
    stage.fact("canary", file + " can be read by everybody on this machine");
    stage.send(HandsStory.COUNT);
    stage.answered(HandsStory.COUNT);
    return seen(List.of(canary, stage.api().key(), OF_SERVER));
  }

  private boolean offersShell() throws InterruptedException {
    return stage
        .api()
        .get("/api/v1/tools")
        .path("items")
        .valueStream()
        .anyMatch(tool -> tool.path("name").asText().equals(HandsStory.SHELL));
  }

  private Sandboxed notShown(String why) {
    stage.missing("no sandbox here: " + why);
    stage.fact("", "./rookery doctor says what is missing on this machine");
    return new Sandboxed.NotShown(why);
  }

  private static byte[] random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** Reads what is the host's, and calls a server of the host. */
  private String pry(Path canary) {
    Path data = stage.workplace().place().dataDir();
    return """
    cat %s %s; printf 'process 1 has: '; tr '\\0' ' ' </proc/1/environ; echo; \
    exec 3<>/dev/tcp/127.0.0.1/%d && printf 'GET /%s HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3"""
        .formatted(canary, data.resolve("cli.key"), stage.toolUrl("").getPort(), TOUCHED);
  }

  /** With a child that left the process group, so that it must be found otherwise. */
  private static String watch() {
    return "(setsid sleep %d &); sleep %d".formatted(NIGHT, NIGHT);
  }

  private Sandboxed seen(List<String> secrets) throws InterruptedException {
    JsonNode run = run();
    String first = response(run, 0);
    String second = response(run, 1);
    if (first.contains(UNAVAILABLE)) {
      return notShown(first.replace(UNAVAILABLE, "").strip());
    }
    String everything = Json.write(run) + chat();
    int out = (int) secrets.stream().filter(everything::contains).count();
    int connections =
        (int) stage.ledger().calls().stream().filter(c -> c.tool().equals(TOUCHED)).count();
    Sandboxed.Shown shown =
        new Sandboxed.Shown(
            run.path("sandbox"), (int) commands(run).count(), counted(first), out, connections);
    stage.fact("command", "counted " + shown.lines() + " lines of a file that it wrote");
    second.lines().limit(SHOWN).forEach(line -> stage.fact("attempt", Text.brief(line, 120)));
    stage.fact("on record", shown.words());
    return shown;
  }

  private JsonNode run() throws InterruptedException {
    Entry over =
        stage.await(e -> e.is("run.finished") && e.in(HandsStory.COUNT), "the end of the run");
    return stage.api().get("/api/v1/runs/" + over.subject());
  }

  private String chat() {
    StringBuilder said = new StringBuilder();
    stage.bot().messages(HandsStory.COUNT.chat()).forEach(message -> said.append(message.text()));
    return said.toString();
  }

  private static Stream<JsonNode> commands(JsonNode run) {
    return run.path("steps")
        .valueStream()
        .filter(step -> step.path("name").asText().equals(HandsStory.SHELL))
        .filter(step -> Evidence.isIn("done", step));
  }

  /** The answer of the n-th command, from 0; empty when there is none. */
  private static String response(JsonNode run, int nth) {
    return commands(run)
        .skip(nth)
        .findFirst()
        .map(step -> step.path("response").asText(""))
        .orElse("");
  }

  private static int counted(String output) {
    Matcher matcher = COUNTED.matcher(output);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
