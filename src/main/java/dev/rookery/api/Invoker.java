package dev.rookery.api;

import dev.rookery.orgs.Principal;
import java.util.List;
import java.util.Map;

/** Calls of routes that did not come over HTTP. */
final class Invoker {
  private static final String PREFIX = "/api/v1/";
  private static final String NO_ROUTE = "a call that no route takes";

  private final List<Route> routes;
  private final Service service;

  Invoker(List<Route> routes, Service service) {
    this.routes = routes.stream().filter(route -> route.path().startsWith(PREFIX)).toList();
    this.service = service;
  }

  Invocation.Answer call(Principal who, Invocation what) {
    boolean known = false;
    for (Route route : routes) {
      Map<String, String> parameters = PathRules.match(route.path(), what.path());
      if (parameters != null && route.method().equals(what.method())) {
        return service.invoke(route, new InvokedRequest(what, parameters), who);
      }
      known |= parameters != null;
    }
    Problem problem = Problem.ofStatus(known ? 405 : 404);
    return Service.refused(NO_ROUTE, problem, new Problem.Thrown(problem));
  }
}
