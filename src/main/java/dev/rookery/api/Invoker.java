package dev.rookery.api;

import dev.rookery.orgs.Principal;
import java.util.List;
import java.util.Map;

/** Calls of routes that did not come over HTTP. */
final class Invoker {
  private static final String PREFIX = "/api/v1/";
  private static final String NO_ROUTE = "a call that no route takes";
  private static final Problem STREAM =
      new Problem(400, "is-a-stream", "This route is a stream: watch the same with subscribe.");

  private final List<Route> routes;
  private final Service service;

  Invoker(List<Route> routes, Service service) {
    this.routes = routes.stream().filter(route -> route.path().startsWith(PREFIX)).toList();
    this.service = service;
  }

  Invocation.Answer call(Principal who, Invocation what) {
    boolean known = false;
    for (Route route : routes) {
      Map<String, String> parameters = Paths.match(route.path(), what.path());
      if (parameters != null && route.method().equals(what.method())) {
        return route.stream() == null
            ? service.invoke(route, new InvokedRequest(what, parameters), who)
            : refused(STREAM);
      }
      known |= parameters != null;
    }
    return refused(Problem.ofStatus(known ? 405 : 404));
  }

  private static Invocation.Answer refused(Problem problem) {
    return Service.refused(NO_ROUTE, problem, new Problem.Thrown(problem));
  }
}
