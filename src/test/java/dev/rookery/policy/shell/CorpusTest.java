package dev.rookery.policy.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.kernel.Json;
import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other people's command lines. */
final class CorpusTest {
  private static final Path VECTORS =
      Path.of(System.getProperty("rookery.shared", "../shared"), "vectors/08-security");
  private static final Pattern COMMAND = Pattern.compile("\\(command\\b");

  private static final List<String> PIECES =
      List.of(
          ("git¦ ¦\n¦;¦&&¦|¦&¦(¦)¦((¦))¦$(¦$((¦${¦}¦{¦`¦'¦\"¦\\¦$¦<<E\n¦E\n¦<¦>¦<(¦if ¦then "
                  + "¦fi ¦for ¦in ¦do ¦done ¦case ¦esac ¦;;¦[[ ¦ ]]¦x=¦a[¦]¦#¦*¦$'¦\\x72¦sh -c ¦eval "
                  + "¦env ¦xargs ¦find -exec ¦!¦~¦=(¦2>")
              .split("¦"));

  /** One case of the tree-sitter corpus: its source and its tree. */
  private record Case(String name, String source, String tree) {}

  private static List<Case> cases(String file) throws IOException {
    Path path = VECTORS.resolve("shell/tree-sitter-bash-corpus").resolve(file);
    assumeTrue(Files.exists(path), "the corpus is not here");
    Matcher matcher =
        Pattern.compile("={4,}\n(.*?)\n={4,}\n(.*?)\n---+\n(.*?)(?=\n={4,}\n|\\z)", Pattern.DOTALL)
            .matcher(Files.readString(path));
    List<Case> cases = new ArrayList<>();
    while (matcher.find()) {
      cases.add(new Case(matcher.group(1), matcher.group(2), matcher.group(3)));
    }
    return cases;
  }

  private static int count(List<SimpleCommand> commands) {
    return (int) commands.stream().filter(command -> !command.argv().isEmpty()).count();
  }

  /** A tree has a node per simple command; what we read must have found at least as many. */
  @ParameterizedTest
  @ValueSource(strings = {"commands.txt", "programs.txt"})
  void every_command_of_the_corpus_is_found_or_the_line_is_not_read(String file)
      throws IOException {
    List<Case> cases = cases(file);
    int read = 0;
    for (Case one : cases) {
      if (Shell.read(one.source()) instanceof ShellLine.Parsed parsed) {
        int wanted = (int) COMMAND.matcher(one.tree()).results().count();
        assertThat(count(parsed.commands())).as(one.toString()).isGreaterThanOrEqualTo(wanted);
        read++;
      }
    }
    assertThat(cases).isNotEmpty();
    assertThat(read).as("read of " + cases.size()).isGreaterThan(cases.size() * 2 / 3);
  }

  @Test
  void no_line_of_the_list_of_attacks_is_too_much() throws IOException {
    Path path = VECTORS.resolve("shell/command-execution-unix.txt");
    assumeTrue(Files.exists(path), "the list is not here");
    for (String line : Files.readAllLines(path)) {
      assertThatCode(() -> Shell.read(line)).as(line).doesNotThrowAnyException();
      assertThatCode(() -> Shell.read(line.replace("\\n", "\n"))).doesNotThrowAnyException();
    }
  }

  @Test
  void no_naughty_string_is_too_much() throws IOException {
    Path path = VECTORS.resolve("naughty/blns.json");
    assumeTrue(Files.exists(path), "the list is not here");
    Json.parse(Files.readString(path))
        .forEach(
            text ->
                assertThatCode(() -> Shell.read("echo " + text.asText()))
                    .as(text.asText())
                    .doesNotThrowAnyException());
  }

  /** Pieces of shell thrown together: never an exception, never long. */
  @Test
  void no_heap_of_pieces_throws_or_hangs() {
    Random random = new Random(11);
    Assertions.assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int round = 0; round < 60_000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(24); i >= 0; i--) {
              line.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            assertThatCode(() -> Shell.read(line.toString()))
                .as(line.toString())
                .doesNotThrowAnyException();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(",
        "`",
        "(",
        "((",
        "$((",
        "${x:-",
        "\"$(",
        "{ ",
        "if ",
        "case x in x) ",
        "sh -c '",
        "eval ",
        "env ",
        "xargs ",
        "<(",
        "$(( (",
        "a=(",
        "x[",
        "\\",
        "'",
        "\"",
        "f() ",
        "<<E\n",
        "! ",
        "timeout 1 ",
        "find -exec ",
        "\"${x:-",
        "~",
        "$'\\",
        "2>"
      })
  void one_piece_many_times_is_quickly_read_or_refused(String piece) {
    for (int times : new int[] {100, 1_000, 30_000 / piece.length()}) {
      Assertions.assertTimeout(
          Duration.ofSeconds(5), () -> Shell.read(piece.repeat(times)), piece + " × " + times);
    }
  }

  @Test
  void what_carriers_carry_is_read_too() {
    ShellLine read = Shell.read("env A=1 timeout -k 1 5 sh -c 'rm x; ls'");

    assertThat(read).isInstanceOf(ShellLine.Parsed.class);
    SimpleCommand env = ((ShellLine.Parsed) read).commands().getFirst();
    SimpleCommand timeout = ((Carried.Inner) env.carried()).commands().getFirst();
    SimpleCommand shell = ((Carried.Inner) timeout.carried()).commands().getFirst();
    assertThat(timeout.assignments()).extracting(Assignment::name).containsExactly("A");
    assertThat(((Carried.Inner) shell.carried()).commands())
        .extracting(SimpleCommand::written)
        .containsExactly("rm x", "ls");
  }
}
