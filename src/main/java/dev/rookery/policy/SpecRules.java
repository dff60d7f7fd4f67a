package dev.rookery.policy;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.policy.Spec.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a rule: {@code tool}, {@code start_*}, {@code *}, {@code @class}, {@code
 * bash(…)}.
 */
final class SpecRules {
  private static final int MAX_LENGTH = 1_000;
  private static final Pattern TOOL = Pattern.compile("\\*|[a-z][a-z0-9_]{0,63}\\*?");
  private static final Pattern TYPED = Pattern.compile("(bash|read|write|http|mcp|send)\\((.*)\\)");
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
  private static final Pattern HOST = Pattern.compile("[a-z0-9*_:.-]{1,253}");
  private static final Pattern VISIBLE = Pattern.compile("[\\P{C}&&[^\\p{Z}]| ]+");

  private SpecRules() {}

  /**
   * @throws Refusal {@code bad-rule} when it is unreadable or can never match
   */
  static Spec read(String rule) {
    if (rule.length() > MAX_LENGTH || !VISIBLE.matcher(rule).matches()) {
      throw bad("A rule has 1 to 1,000 visible characters; '%s' has not.", rule);
    }
    Matcher typed = TYPED.matcher(rule);
    if (typed.matches()) {
      return typed(rule, kind(typed.group(1)), typed.group(2).strip());
    }
    if (rule.startsWith("@")) {
      return Capability.of(rule.substring(1))
          .<Spec>map(Spec.Classed::new)
          .orElseThrow(
              () ->
                  bad(
                      "There is no class of tools '%s'; known are: @"
                          + String.join(", @", Capability.labels())
                          + ".",
                      rule));
    }
    if (!TOOL.matcher(rule).matches()) {
      throw bad(
          "'%s' is no rule: write a tool ([a-z][a-z0-9_]*), the start of names and *, a class such as"
              + " @fs.write, or bash(…), read(…), write(…), http(…), mcp(…), send(…).",
          rule);
    }
    boolean kind = Stream.of(Kind.values()).anyMatch(k -> label(k).equals(rule));
    return kind ? new Spec.Whole(kind(rule)) : new Spec.Named(Glob.text(rule));
  }

  static String label(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Kind kind(String label) {
    return Kind.valueOf(label.toUpperCase(Locale.ROOT));
  }

  private static Refusal bad(String message, String rule) {
    return Refusal.badInput("bad-rule", "%s", message.replace("%s", Text.brief(rule, 80)));
  }

  private static Spec typed(String rule, Kind kind, String spec) {
    if (spec.isEmpty()) {
      throw bad("'%s' names nothing, so it can never match; leave out the parentheses.", rule);
    }
    return switch (kind) {
      case BASH -> new Spec.Shell(ShellPattern.of(spec));
      case READ, WRITE -> files(rule, kind, spec);
      case HTTP -> web(rule, spec);
      case MCP -> server(rule, spec);
      case SEND -> message(rule, spec);
    };
  }

  private static Spec files(String rule, Kind kind, String spec) {
    String path = spec.startsWith("path:") ? spec.substring(5).strip() : spec;
    boolean outside =
        path.isEmpty()
            || path.startsWith("/")
            || path.startsWith("~")
            || path.startsWith("./")
            || path.endsWith("/")
            || List.of(path.split("/", -1)).stream().anyMatch(p -> p.equals("..") || p.isEmpty());
    if (outside) {
      throw bad(
          "'%s' can never match: paths begin below the home of the agent, without / or ./ before"
              + " them, without .. in them, and without / at the end (out/** is all below out).",
          rule);
    }
    return new Spec.Files(kind, Glob.path(path));
  }

  private static Spec web(String rule, String spec) {
    Map<String, String> fields = fields(rule, spec, Set.of("host", "method", "port", "path"));
    String host = fields.get("host");
    if (host != null && !HOST.matcher(host).matches()) {
      throw bad(
          "'%s' can never match: a host is lower case, ASCII, without port or brackets.", rule);
    }
    String path = fields.get("path");
    if (path != null && !path.startsWith("/") && !path.startsWith("*")) {
      throw bad("'%s' can never match: the path of a request begins with /.", rule);
    }
    Set<String> methods = list(fields.get("method"), Function.identity());
    if (!methods.stream().allMatch(m -> METHOD.matcher(m).matches())) {
      throw bad("'%s' can never match: methods are upper case, such as GET,HEAD.", rule);
    }
    Set<Integer> ports = list(fields.get("port"), port -> port(rule, port));
    return new Spec.Web(
        host == null ? null : Glob.text(host),
        methods,
        ports,
        path == null ? null : Glob.path(path));
  }

  private static int port(String rule, String port) {
    if (!port.matches("\\d{1,5}")
        || Integer.parseInt(port) < 1
        || Integer.parseInt(port) > 65_535) {
      throw bad("'%s' can never match: a port is a number from 1 to 65535.", rule);
    }
    return Integer.parseInt(port);
  }

  private static <T> Set<T> list(@Nullable String text, Function<String, T> make) {
    return text == null
        ? Set.of()
        : Stream.of(text.split(",", -1)).map(make).collect(Collectors.toUnmodifiableSet());
  }

  private static Spec server(String rule, String spec) {
    int slash = spec.indexOf('/');
    if (slash == 0 || spec.indexOf(' ') >= 0 || slash == spec.length() - 1) {
      throw bad(
          "'%s' can never match: write mcp(server/tool), mcp(server/*) or mcp(server).", rule);
    }
    return slash < 0
        ? new Spec.Server(Glob.text(spec), Glob.text("*"))
        : new Spec.Server(
            Glob.text(spec.substring(0, slash)), Glob.text(spec.substring(slash + 1)));
  }

  private static Spec message(String rule, String spec) {
    Map<String, String> fields = fields(rule, spec, Set.of("channel", "to"));
    return new Spec.Message(glob(fields.get("channel")), glob(fields.get("to")));
  }

  private static @Nullable Glob glob(@Nullable String text) {
    return text == null ? null : Glob.text(text);
  }

  private static Map<String, String> fields(String rule, String spec, Set<String> known) {
    Map<String, String> fields = new HashMap<>();
    for (String part : spec.split(" +")) {
      int colon = part.indexOf(':');
      String name = colon < 0 ? "" : part.substring(0, colon);
      if (!known.contains(name) || colon == part.length() - 1) {
        throw bad("'%s' cannot be read: write fields such as host:… method:… with a value.", rule);
      }
      if (fields.put(name, part.substring(colon + 1)) != null) {
        throw bad("'%s' can never match: a field is there twice.", rule);
      }
    }
    return fields;
  }
}
