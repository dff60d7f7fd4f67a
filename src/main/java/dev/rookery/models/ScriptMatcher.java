package dev.rookery.models;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.rookery.models.Script.Rule;
import dev.rookery.models.Script.TextTest;
import dev.rookery.models.Script.ToolTest;
import dev.rookery.models.Script.When;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the rule that answers a request. Looks at nothing but the request. */
final class ScriptMatcher {
  private ScriptMatcher() {}

  /** The rule, and what its places stand for. */
  record Match(Rule rule, Map<String, String> places) {
    Match {
      places = Map.copyOf(places);
    }

    String render(Template template) {
      return template.render(name -> places.getOrDefault(name, ""));
    }
  }

  /**
   * What the conditions look at.
   *
   * @param userText of the last user message; empty when there is none
   * @param turn assistant messages since then
   * @param results tool results since the last assistant message, oldest first
   */
  record View(String system, String userText, int turn, List<ModelMessage.ToolAnswer> results) {
    static View of(ModelRequest request) {
      List<ModelMessage> messages = request.messages();
      int user = lastIndex(messages, ModelMessage.User.class);
      int assistant = lastIndex(messages, ModelMessage.Assistant.class);
      List<ModelMessage> since = messages.subList(user + 1, messages.size());
      return new View(
          request.system(),
          user < 0 ? "" : ((ModelMessage.User) messages.get(user)).text(),
          (int) since.stream().filter(ModelMessage.Assistant.class::isInstance).count(),
          messages.subList(Math.max(user, assistant) + 1, messages.size()).stream()
              .filter(ModelMessage.ToolAnswer.class::isInstance)
              .map(ModelMessage.ToolAnswer.class::cast)
              .toList());
    }

    private static int lastIndex(List<ModelMessage> messages, Class<?> type) {
      for (int i = messages.size() - 1; i >= 0; i--) {
        if (type.isInstance(messages.get(i))) {
          return i;
        }
      }
      return -1;
    }
  }

  static Optional<Match> match(Script script, View view) {
    for (Rule rule : script.rules()) {
      Optional<Match> match = match(script, rule, view);
      if (match.isPresent()) {
        return match;
      }
    }
    return Optional.empty();
  }

  private static Optional<Match> match(Script script, Rule rule, View view) {
    When when = rule.when();
    boolean turn = when.turn() == null || when.turn() == view.turn();
    if (!turn || !holds(when.userText(), view.userText()) || !holds(when.system(), view.system())) {
      return Optional.empty();
    }
    Optional<ModelMessage.ToolAnswer> result = result(when.toolResult(), view.results());
    if (when.toolResult() != null && result.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> places = new HashMap<>(groups(when.userText(), view.userText()));
    places.put("last_user_text", view.userText());
    places.put("turn", Integer.toString(view.turn()));
    places.put("model", script.model());
    places.put("tool", result.map(ModelMessage.ToolAnswer::tool).orElse(""));
    places.put("tool_result", result.map(ModelMessage.ToolAnswer::text).orElse(""));
    return Optional.of(new Match(rule, places));
  }

  private static boolean holds(@Nullable TextTest test, String text) {
    if (test == null) {
      return true;
    }
    String seen = folded(text, test.ignoreCase());
    return (test.equal() == null
            || seen.strip().equals(folded(test.equal(), test.ignoreCase()).strip()))
        && (test.contains() == null || seen.contains(folded(test.contains(), test.ignoreCase())))
        && (test.matches() == null || test.matches().matcher(text).find());
  }

  private static String folded(String text, boolean ignoreCase) {
    return ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** Without a test the last result is still there for the places. */
  private static Optional<ModelMessage.ToolAnswer> result(
      @Nullable ToolTest test, List<ModelMessage.ToolAnswer> results) {
    return results.reversed().stream().filter(r -> test == null || holds(test, r)).findFirst();
  }

  private static boolean holds(ToolTest test, ModelMessage.ToolAnswer result) {
    return (test.tool() == null || test.tool().equals(result.tool()))
        && (test.contains() == null || result.text().contains(test.contains()))
        && (test.error() == null || test.error() == result.error());
  }

  private static Map<String, String> groups(@Nullable TextTest test, String text) {
    Map<String, String> groups = new HashMap<>();
    Pattern pattern = test == null ? null : test.matches();
    if (pattern == null) {
      return groups;
    }
    Matcher matcher = pattern.matcher(text);
    if (matcher.find()) {
      for (int group = 0; group <= matcher.groupCount(); group++) {
        groups.put(Integer.toString(group), orEmpty(matcher.group(group)));
      }
      pattern.namedGroups().keySet().forEach(n -> groups.put(n, orEmpty(matcher.group(n))));
    }
    return groups;
  }

  private static String orEmpty(@Nullable String group) {
    return group == null ? "" : group;
  }
}
