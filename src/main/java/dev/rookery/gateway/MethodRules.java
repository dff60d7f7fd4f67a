package dev.rookery.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The methods of protocol 2 and the routes that they are. */
final class MethodRules {
  /** Reaches every route by its path. */
  static final String API_CALL = "api.call";

  /** Params that become headers, for all methods. */
  static final Map<String, String> HEADERS =
      Map.of("idempotency_key", "Idempotency-Key", "if_match", "If-Match");

  private static final String RUN = "/api/v1/runs/{id}";
  private static final String POLICY = "/api/v1/policies/{id}";

  /** A parameter of a path, its name as the group. */
  static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

  private static final Map<String, Method> TABLE =
      Stream.of(
              new Method("run.create", "POST", "/api/v1/runs"),
              new Method("run.list", "GET", "/api/v1/runs"),
              new Method("run.get", "GET", RUN),
              new Method("run.cancel", "POST", RUN + "/cancel"),
              new Method("run.stop", "POST", RUN + "/cancel"),
              new Method("run.retry", "POST", RUN + "/retry"),
              new Method("run.fork", "POST", RUN + "/fork"),
              new Method("permission.list", "GET", "/api/v1/approvals"),
              new Method("permission.respond", "POST", "/api/v1/approvals/{id}/answer"),
              new Method("schedule.list", "GET", "/api/v1/schedules"),
              new Method("schedule.get", "GET", POLICY + "/schedule"),
              new Method("schedule.preview", "GET", POLICY + "/schedule"),
              new Method("schedule.create", "POST", "/api/v1/agents/{agent}/policies"),
              new Method("schedule.update", "PATCH", POLICY),
              new Method("schedule.delete", "DELETE", POLICY),
              new Method("schedule.pause", "POST", POLICY + "/pause"),
              new Method("schedule.resume", "POST", POLICY + "/resume"),
              new Method("schedule.run_now", "POST", POLICY + "/run-now"),
              new Method("worker.list", "GET", "/api/v1/workers"),
              new Method("worker.get", "GET", "/api/v1/workers/{id}"),
              new Method("worker.cancel", "POST", "/api/v1/workers/{id}/cancel"),
              new Method("agent.list", "GET", "/api/v1/agents"),
              new Method("agent.get", "GET", "/api/v1/agents/{id}"),
              new Method("conversation.list", "GET", "/api/v1/conversations"),
              new Method("status.get", "GET", "/api/v1/status"))
          .collect(Collectors.toUnmodifiableMap(Method::name, Function.identity()));

  /** What {@code permission.respond} calls things, and what the route does. */
  private static final Map<String, String> ANSWERS =
      Map.of("allow", "allow_once", "always", "allow_always");

  private MethodRules() {}

  static @Nullable Method find(String name) {
    return TABLE.get(name);
  }

  /** In order of their names. */
  static List<Method> all() {
    return TABLE.values().stream().sorted(Comparator.comparing(Method::name)).toList();
  }

  /** The names in braces in a path. */
  static List<String> parameters(String path) {
    return PARAMETER.matcher(path).results().map(match -> match.group(1)).toList();
  }

  /** Whether what is not in the path goes into the query. */
  static boolean asks(Method method) {
    return method.verb().equals("GET") || method.verb().equals("DELETE");
  }

  /** The name that the route has for a param. */
  static String field(Method method, String param) {
    return method.name().equals("permission.respond") && param.equals("text") ? "words" : param;
  }

  /** The word that the route has for a value of a param. */
  static String word(Method method, String param, String value) {
    return method.name().equals("permission.respond") && param.equals("answer")
        ? ANSWERS.getOrDefault(value, value)
        : value;
  }
}
