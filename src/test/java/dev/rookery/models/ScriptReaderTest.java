package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.kernel.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScriptReaderTest {
  @TempDir Path directory;

  private static void refused(String yaml, String... hints) {
    assertThatThrownBy(() -> ScriptReader.read("my.yaml", yaml))
        .isInstanceOfSatisfying(
            Refusal.class,
            r -> {
              assertThat(r.code()).isEqualTo("bad-script");
              assertThat(r.getMessage()).contains("my.yaml").contains(hints);
            });
  }

  @Test
  void a_complaint_names_the_rule_and_the_field() {
    refused(
        "rules: [{then: {text: a}}, {then: {text: a, delay_ms: soon}}]",
        "rule 2",
        "then.delay_ms must be a whole number from 0 to 600000");
    refused("rules: [{then: {txt: a}}]", "rule 1: then.txt is not known", "text");
    refused("rules: [{when: {user_text: {}}, then: {text: a}}]", "rule 1: when.user_text.equals");
    refused(
        "rules: [{when: {user_text: {matches: '('}}, then: {text: a}}]", "matches is not an RE2");
    refused("rules: [{when: {turn: -1}, then: {text: a}}]", "when.turn");
    refused("rules: [{then: {text: '{{nme}}'}}]", "{{nme}}", "last_user_text");
    refused(
        "rules: [{when: {user_text: {matches: 'a(b)'}}, then: {text: '{{2}}'}}]", "{{2}}", "0, 1");
    refused(
        "rules: [{then: {tool_calls: [{tool: t}, {arguments: {}}]}}]", "then.tool_calls[2].tool");
    refused("rules: [{then: {tool_calls: [{tool: t, arguments: {a: '{{x}}'}}]}}]", "{{x}}");
    refused("rules: [{then: {tool_calls: {tool: t}}}]", "then.tool_calls must be a list");
    refused(
        "rules: [{then: {failure: {kind: boom}}}]", "then.failure.kind must be one of", "stall");
    refused("rules: [{then: {failure: {kind: auth, times: 1}}}]", "then.text");
    refused("rules: [{then: {delay_ms: 1}}]", "then.text");
    refused("rules: [{when: {}}]", "rule 1: then is missing");
    refused("rules: [7]", "rule 1: it must be a mapping");
  }

  @Test
  void a_file_that_is_no_script_says_so() {
    refused("", "must be a mapping");
    refused("rules: []", "at least one rule");
    refused("hello: 1\nrules: []", "hello is not known");
    refused("rules: [", "is not YAML");
    refused("rules: 1\nrules: 2", "is not YAML");
    refused("version: 2\nrules: [{then: {text: a}}]", "version");
    refused("a: &a [*a]\nrules: *a", "");
    refused("rules: !!javax.script.ScriptEngineManager [x]", "");
  }

  @Test
  void numbers_without_quotes_are_text_where_text_is_wanted() {
    Script script =
        ScriptReader.read("x", "rules: [{when: {user_text: {equals: 42}}, then: {text: 43}}]");
    assertThat(script.rules().getFirst().then().text().render(_ -> "")).isEqualTo("43");
  }

  @Test
  void the_built_in_script_greets_helps_echoes_and_names_the_variables() {
    try (Models models =
        new Models(
            ModelSettings.from(Map.of("OLLAMA_BASE_URL", "http://127.0.0.1:1"), null),
            InstantSource.system())) {
      assertThat(models.describe().scripted()).isTrue();
      assertThat(said(models, "Hello there")).startsWith("Hello!").contains("Hello there");
      assertThat(said(models, "help")).contains("ANTHROPIC_API_KEY");
      assertThat(said(models, "Tell me more"))
          .startsWith("You said: Tell me more\n")
          .contains("scripted model");
      assertThat(said(models, "x".repeat(100_000))).hasSizeLessThan(2_000);
    }
  }

  @Test
  void a_script_that_changed_is_read_again_and_a_broken_one_is_described() throws Exception {
    Path file = directory.resolve("s.yaml");
    Files.writeString(file, "rules: [{then: {text: one}}]");
    var settings = ModelSettings.from(Map.of("ROOKERY_SCRIPT", file.toString()), directory);
    try (Models models = new Models(settings, InstantSource.system())) {
      assertThat(said(models, "x")).isEqualTo("one");
      Files.writeString(file, "rules: [{then: {text: two}}]");
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
      assertThat(said(models, "x")).isEqualTo("two");
      Files.writeString(file, "rules: [{then: {}}]");
      Files.setLastModifiedTime(file, FileTime.fromMillis(2_000_000));
      assertThat(models.describe().ready()).isFalse();
      assertThat(models.describe().sentence()).contains("s.yaml: rule 1");
      Files.delete(file);
      assertThat(models.describe().ready()).isFalse();
    }
  }

  private static String said(Models models, String text) {
    return models
        .answer(models.choose(null, null), TestModels.asking(text), _ -> {}, Cancellation.NEVER)
        .text();
  }
}
