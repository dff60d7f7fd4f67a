package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.models.ModelAnswer.Stop;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.models.Script.Call;
import dev.rookery.models.Script.Failure;
import dev.rookery.models.Script.Kind;
import dev.rookery.models.Script.Pace;
import dev.rookery.models.Script.Rule;
import dev.rookery.models.Script.TextTest;
import dev.rookery.models.Script.Then;
import dev.rookery.models.Script.ToolTest;
import dev.rookery.models.Script.When;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads and checks a script; what it lets through never fails later. */
final class ScriptReader {
  static final Set<String> PLACES =
      Set.of("last_user_text", "tool_result", "tool", "turn", "model");

  private static final int MAX_TOKENS = 1_000_000_000;

  private ScriptReader() {}

  /**
   * @param name of the file, for complaints
   * @throws Refusal {@code bad-script}, naming the rule and the field
   */
  static Script read(String name, String yaml) {
    ScriptFields top = new ScriptFields(name, "", parsed(name, yaml));
    top.only("version", "model", "rules");
    top.number("version", 1, 1);
    String model = top.text("model");
    List<Rule> rules = new ArrayList<>();
    if (!top.node().path("rules").isArray()) {
      throw top.refusal("rules", "must be a list of rules");
    }
    for (JsonNode rule : top.node().path("rules")) {
      int number = rules.size() + 1;
      rules.add(rule(number, new ScriptFields(name + ": rule " + number, "", rule)));
    }
    if (rules.isEmpty()) {
      throw top.refusal("rules", "must have at least one rule");
    }
    return new Script(model == null ? "scripted" : model, rules);
  }

  private static JsonNode parsed(String name, String yaml) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(name)
              .setAllowDuplicateKeys(false)
              // Aliases can build a tree without end.
              .setMaxAliasesForCollections(0)
              .build();
      Object document = new Load(settings).loadFromString(yaml);
      return Json.mapper().valueToTree(document);
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw Refusal.badInput(
          "bad-script",
          "The script %s is not YAML: %s",
          name,
          Text.brief(String.valueOf(e.getMessage()).replaceAll("\\s+", " "), 300));
    }
  }

  private static Rule rule(int number, ScriptFields fields) {
    fields.only("name", "when", "then");
    fields.text("name");
    ScriptFields when = fields.inner("when");
    ScriptFields then = fields.inner("then");
    if (then == null) {
      throw fields.refusal("then", "is missing");
    }
    When conditions = when == null ? new When(null, null, null, null) : when(when);
    return new Rule(number, conditions, then(then, conditions));
  }

  private static When when(ScriptFields fields) {
    fields.only("user_text", "system", "tool_result", "turn");
    TextTest user = textTest(fields.inner("user_text"));
    ToolTest tool = toolTest(fields.inner("tool_result"));
    boolean any = "any".equals(fields.text("turn"));
    Integer turn = any ? null : fields.number("turn", 0, 10_000);
    if (turn == null && !any && user != null && tool == null) {
      // Otherwise a rule that answers a text with a tool call would match again after the tool.
      turn = 0;
    }
    return new When(user, textTest(fields.inner("system")), tool, turn);
  }

  private static @Nullable TextTest textTest(@Nullable ScriptFields fields) {
    if (fields == null) {
      return null;
    }
    fields.only("equals", "contains", "matches", "ignore_case");
    boolean ignoreCase = Boolean.TRUE.equals(fields.flag("ignore_case"));
    TextTest test =
        new TextTest(
            fields.text("equals"),
            fields.text("contains"),
            pattern(fields, ignoreCase),
            ignoreCase);
    if (test.equal() == null && test.contains() == null && test.matches() == null) {
      throw fields.refusal("equals", "or contains or matches is needed");
    }
    return test;
  }

  private static @Nullable Pattern pattern(ScriptFields fields, boolean ignoreCase) {
    String regex = fields.text("matches");
    try {
      return regex == null
          ? null
          : Pattern.compile(regex, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException e) {
      throw fields.refusal("matches", "is not an RE2 regular expression: " + e.getDescription());
    }
  }

  private static @Nullable ToolTest toolTest(@Nullable ScriptFields fields) {
    if (fields == null) {
      return null;
    }
    fields.only("tool", "contains", "error");
    return new ToolTest(fields.text("tool"), fields.text("contains"), fields.flag("error"));
  }

  private static Then then(ScriptFields fields, When when) {
    fields.only("text", "tool_calls", "delay_ms", "chunk", "pause_ms", "usage", "stop", "failure");
    String written = fields.text("text");
    Template text = template(fields, "text", written == null ? "" : written, when);
    List<Call> calls = new ArrayList<>();
    for (ScriptFields call : fields.list("tool_calls")) {
      calls.add(call(call, when));
    }
    Failure failure = failure(fields.inner("failure"));
    boolean answers = written != null || !calls.isEmpty();
    if (!answers && (failure == null || failure.times() > 0)) {
      throw fields.refusal("text", "or tool_calls is needed, or a failure without times");
    }
    Pace pace =
        new Pace(
            orZero(fields.millis("delay_ms")),
            fields.number("chunk", 1, 1_000_000, 0),
            orZero(fields.millis("pause_ms")));
    return new Then(
        text, calls, pace, usage(fields.inner("usage")), fields.oneOf("stop", Stop.class), failure);
  }

  private static Duration orZero(@Nullable Duration given) {
    return given == null ? Duration.ZERO : given;
  }

  private static Call call(ScriptFields fields, When when) {
    fields.only("tool", "arguments");
    String tool = fields.text("tool");
    if (tool == null || tool.isBlank()) {
      throw fields.refusal("tool", "is missing");
    }
    ScriptFields arguments = fields.inner("arguments");
    if (arguments == null) {
      return new Call(tool, Json.object());
    }
    checkStrings(arguments, arguments.node(), when);
    return new Call(tool, arguments.node());
  }

  private static void checkStrings(ScriptFields fields, JsonNode node, When when) {
    if (node.isTextual()) {
      template(fields, "(a text)", node.asText(), when);
    }
    node.forEach(child -> checkStrings(fields, child, when));
  }

  private static Template template(ScriptFields fields, String name, String text, When when) {
    Template template = Template.parse(text);
    Set<String> known = new TreeSet<>(PLACES);
    Pattern matches = when.userText() == null ? null : when.userText().matches();
    if (matches != null) {
      for (int group = 0; group <= matches.groupCount(); group++) {
        known.add(Integer.toString(group));
      }
      known.addAll(matches.namedGroups().keySet());
    }
    for (String place : template.names()) {
      if (!known.contains(place)) {
        throw fields.refusal(
            name,
            "has {{" + place + "}}, which is not known; known are: " + String.join(", ", known));
      }
    }
    return template;
  }

  private static @Nullable Usage usage(@Nullable ScriptFields fields) {
    if (fields == null) {
      return null;
    }
    fields.only("input", "output", "cache_read", "cache_write");
    return new Usage(
        fields.number("input", 0, MAX_TOKENS, 0),
        fields.number("output", 0, MAX_TOKENS, 0),
        fields.number("cache_read", 0, MAX_TOKENS, 0),
        fields.number("cache_write", 0, MAX_TOKENS, 0));
  }

  private static @Nullable Failure failure(@Nullable ScriptFields fields) {
    if (fields == null) {
      return null;
    }
    fields.only("kind", "times", "retry_after_ms");
    Kind kind = fields.oneOf("kind", Kind.class);
    if (kind == null) {
      throw fields.refusal("kind", "is missing");
    }
    return new Failure(kind, fields.number("times", 1, 1_000, 0), fields.millis("retry_after_ms"));
  }
}
