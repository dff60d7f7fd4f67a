package dev.rookery.api;

import dev.rookery.kernel.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of routes. Nothing is served that is not in it, and nothing gets in without saying who
 * may call it and what it answers.
 */
final class Routes {
  private final List<Route> routes = new ArrayList<>();

  /** In order of registration. */
  List<Route> all() {
    return List.copyOf(routes);
  }

  /** What scopes of keys may name. */
  SortedSet<String> areas() {
    return routes.stream()
        .filter(route -> !(route.access() instanceof Access.Open))
        .map(Route::area)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  Draft get(String path) {
    return new Draft("GET", path);
  }

  Draft post(String path) {
    return new Draft("POST", path);
  }

  Draft put(String path) {
    return new Draft("PUT", path);
  }

  Draft patch(String path) {
    return new Draft("PATCH", path);
  }

  Draft delete(String path) {
    return new Draft("DELETE", path);
  }

  /** A route that is being declared; {@link #by} enters it. */
  final class Draft {
    private final String method;
    private final String path;
    private final List<Route.Query> query = new ArrayList<>();
    private @Nullable Access access;
    private @Nullable Shape request;
    private @Nullable String response;
    private String summary = "";
    private int status = 200;
    private boolean changesNothing;

    private Draft(String method, String path) {
      this.method = method;
      this.path = path;
    }

    Draft does(String words) {
      this.summary = words;
      return this;
    }

    Draft allows(Access who) {
      this.access = who;
      return this;
    }

    Draft takes(Shape shape) {
      this.request = shape;
      return this;
    }

    Draft query(String name, String note) {
      query.add(new Route.Query(name, note));
      return this;
    }

    /** It only asks, although its method is not GET: there is nothing to audit. */
    Draft changesNothing() {
      this.changesNothing = true;
      return this;
    }

    /** A list, newest first. */
    Draft pages(String schema) {
      query("limit", "at most so many items, 1 to 200; 50 if not given");
      query("before", "the page after the one whose `next` this was");
      return answers(200, schema);
    }

    Draft answers(int code, @Nullable String schema) {
      this.status = code;
      this.response = schema;
      return this;
    }

    /** Answers with server-sent events instead of a body. */
    void streams(StreamAction stream) {
      answers(200, "EventStream");
      enter(Draft::refuse, stream);
    }

    private static Reply refuse(Call call) {
      throw Refusal.badInput("only-streams", "This is a stream of events; open it over HTTP.");
    }

    void by(Action action) {
      enter(action, null);
    }

    private void enter(Action action, @Nullable StreamAction stream) {
      Access who = access;
      if (who == null || summary.isEmpty()) {
        throw new IllegalStateException(method + " " + path + " lacks its access or its summary");
      }
      Route.Doc doc = new Route.Doc(summary, query, request, response, status, changesNothing);
      routes.add(new Route(method, path, who, action, stream, doc));
    }
  }
}
