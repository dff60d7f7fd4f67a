package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

class CommandTreeTest {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private static CommandLine whole() {
    Terminal terminal =
        new Terminal(
            new Terminal.Streams(InputStream.nullInputStream(), NOWHERE, NOWHERE), Map.of(), false);
    return CommandTree.whole(new Context(terminal, () -> Shell.NOW));
  }

  static Stream<CommandLine> commands() {
    List<CommandLine> all = new ArrayList<>();
    collect(whole(), all);
    return all.stream();
  }

  private static void collect(CommandLine command, List<CommandLine> into) {
    into.add(command);
    command.getSubcommands().values().stream().distinct().forEach(sub -> collect(sub, into));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_begins_with_examples_of_that_very_command(CommandLine command) {
    StringWriter text = new StringWriter();
    command.usage(new PrintWriter(text), Ansi.OFF);
    List<String> lines = text.toString().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("Examples:");
    assertThat(lines.get(1)).startsWith("  ").contains("rookery");
    List<String> examples =
        lines.subList(1, lines.size()).stream().takeWhile(line -> !line.isBlank()).toList();
    assertThat(examples).anyMatch(line -> line.contains(name(command)));
    assertThat(lines).anyMatch(line -> line.startsWith("Usage: " + name(command)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_and_option_says_what_it_is(CommandLine command) {
    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(command.getCommandSpec().options())
        .allSatisfy(
            option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
    assertThat(command.getCommandSpec().positionalParameters())
        .allSatisfy(p -> assertThat(p.description()).as(p.paramLabel()).isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void no_option_takes_a_secret(CommandLine command) {
    assertThat(command.getCommandSpec().options())
        .flatExtracting(option -> List.of(option.names()))
        .noneMatch(
            name ->
                name.matches(".*(token|secret|password|passphrase|credential|api-?key).*")
                    && !name.endsWith("-file")
                    && !name.equals("--tokens"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_takes_the_global_options(CommandLine command) {
    assertThat(command.getCommandSpec().options())
        .extracting(OptionSpec::longestName)
        .contains(
            "--json", "--json-lines", "--quiet", "--server", "--data-dir", "--no-color", "--help");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_page_on_the_command_line_names_every_command(CommandLine command) throws IOException {
    if (!command.getCommandSpec().usageMessage().hidden()) {
      assertThat(Files.readString(Path.of("docs/cli.md"))).contains(name(command));
    }
  }

  @Test
  void only_what_was_called_is_loaded() {
    Context context =
        new Context(
            new Terminal(
                new Terminal.Streams(InputStream.nullInputStream(), NOWHERE, NOWHERE),
                Map.of(),
                false),
            () -> Shell.NOW);
    assertThat(CommandTree.of(context, "runs", "list").getSubcommands()).containsOnlyKeys("runs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "runs --help", "runs list --help", "integrations create -h"})
  void help_is_data_and_no_error(String line) {
    Shell.Result result = new Shell().run(line.split(" "));
    assertThat(result.exitCode()).isEqualTo(Exit.OK);
    assertThat(result.out()).startsWith("Examples:");
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rnus list",
        "runs",
        "runs lst",
        "runs show",
        "runs list --state sleeping",
        "runs resolve run_1 --as happened",
        "ask rook hi --timeout soon",
        "agents list --limit 0"
      })
  void wrong_usage_exits_with_2_and_says_so_on_stderr_only(String line) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");
    Shell.Result result = new Shell().env("ROOKERY_URL", "http://127.0.0.1:1").run(args);
    assertThat(result.exitCode()).isEqualTo(Exit.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotBlank();
  }

  @Test
  void a_misspelled_command_is_met_with_the_right_one() {
    assertThat(new Shell().run("runss", "list").err()).contains("rookery runs ");
  }

  @Test
  void the_version_is_printed() {
    assertThat(new Shell().run("--version").out()).startsWith("rookery ");
  }

  @Test
  void the_completion_script_knows_every_noun() {
    assertThat(new Shell().run("completion").out())
        .contains("integrations")
        .contains("deliveries")
        .doesNotContain("warm-up");
  }

  @Test
  void help_has_colour_on_a_terminal_unless_nobody_wants_it() {
    String escape = "\u001b[";
    assertThat(new Shell().interactive().run("runs", "--help").out()).contains(escape);
    assertThat(new Shell().run("runs", "--help").out()).doesNotContain(escape);
    assertThat(new Shell().interactive().env("NO_COLOR", "1").run("runs", "--help").out())
        .doesNotContain(escape);
    assertThat(new Shell().interactive().run("runs", "--no-color", "--help").out())
        .doesNotContain(escape);
  }
}
