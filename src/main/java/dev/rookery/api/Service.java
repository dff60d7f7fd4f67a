package dev.rookery.api;

import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.orgs.Principal;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens around every route: the gate, the answer, problems, traces, counting. */
final class Service {
  private static final Logger log = LoggerFactory.getLogger(Service.class);

  private static final int MAX_QUERY = 2_000;

  private final Gate gate;
  private final Counters counters;
  private final EventStream events;

  Service(Gate gate, Counters counters, EventStream events) {
    this.gate = gate;
    this.counters = counters;
    this.events = events;
  }

  void serve(Route route, Context context) {
    long start = System.nanoTime();
    prepare(context);
    Feed feed = null;
    try {
      Principal principal = gate.enter(route, context);
      Request request = new HttpRequest(context);
      StreamAction stream = route.stream();
      if (stream == null) {
        send(perform(route, request, principal), context);
      } else {
        feed = stream.open(call(route, request, principal));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(
          route.name(),
          context,
          new Problem(503, "stopping", "The server is stopping; ask again."),
          e);
    } catch (RuntimeException | Error e) {
      answer(route.name(), context, Problem.of(e), e);
    } finally {
      counters.served(route.name(), context.statusCode(), System.nanoTime() - start);
    }
    if (feed != null) {
      flow(feed, context);
    }
  }

  private static void send(Reply reply, Context context) {
    context.status(reply.status());
    if (reply.body().length > 0) {
      context.contentType(reply.contentType()).result(reply.body());
    }
  }

  /** It was let in and counted; from its first byte on there is no status to answer with. */
  private void flow(Feed feed, Context context) {
    try {
      events.send(feed, context);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Performs a route for somebody who was let in; everything that it writes is on their behalf.
   *
   * @param principal null on routes that let anybody in
   */
  static Reply perform(Route route, Request request, @Nullable Principal principal)
      throws InterruptedException {
    Call call = call(route, request, principal);
    return principal == null
        ? route.action().perform(call)
        : Acting.<Reply, InterruptedException>as(
            principal.actor(), () -> route.action().perform(call));
  }

  /** A request whose parameters the route knows. */
  private static Call call(Route route, Request request, @Nullable Principal principal) {
    refuseUnknownQuery(route, request);
    refuseLongQuery(request);
    return new Call(request, principal);
  }

  /** No id, name or cursor is as long as that, and the database need not look for it. */
  private static void refuseLongQuery(Request request) {
    for (String name : request.queryNames()) {
      String value = request.query(name);
      if (value != null && value.length() > MAX_QUERY) {
        throw Refusal.badInput(
            "parameter-too-long",
            "The parameter '%s' has %d characters; at most %d are allowed.",
            name,
            value.length(),
            MAX_QUERY);
      }
    }
  }

  void show(Page page, Context context) throws Exception {
    long start = System.nanoTime();
    prepare(context);
    String name = page.method() + " " + page.path();
    try {
      page.handler().handle(context);
    } catch (RuntimeException | Error e) {
      answer(name, context, Problem.of(e), e);
    } finally {
      counters.served(name, context.statusCode(), System.nanoTime() - start);
    }
  }

  /** What no route took: unknown paths and methods. */
  void refuse(Exception error, Context context) {
    prepare(context);
    Problem problem =
        error instanceof HttpResponseException http
            ? Problem.ofStatus(http.getStatus())
            : Problem.of(error);
    answer("a request that no route takes", context, problem, error);
  }

  private static void prepare(Context context) {
    if (context.res().getHeader(Trace.HEADER) == null) {
      context.header(Trace.HEADER, Trace.id(context.header("traceparent")));
      context.header("Cache-Control", "no-store");
      context.header("X-Content-Type-Options", "nosniff");
    }
  }

  private static void refuseUnknownQuery(Route route, Request request) {
    for (String name : request.queryNames()) {
      if (!route.knowsQuery(name)) {
        throw Refusal.badInput(
            "unknown-parameter",
            "There is no parameter '%s' here; known are: %s.",
            Text.brief(Text.clean(name), 60),
            route.doc().query().stream()
                .map(Route.Query::name)
                .collect(
                    Collectors.joining(", ", "", route.doc().query().isEmpty() ? "none" : "")));
      }
    }
  }

  /** Logs the route, never the path: a path may hold a secret, such as that of a set-up link. */
  private static void answer(String route, Context context, Problem problem, Throwable error) {
    String trace = context.res().getHeader(Trace.HEADER);
    if (problem.expected()) {
      log.debug("{} was refused: {} {}, trace {}", route, problem.status(), problem.code(), trace);
    } else {
      log.error("{} failed inside; the caller was told 500, trace {}", route, trace, error);
    }
    problem.headers().forEach(context::header);
    context.status(problem.status()).contentType(Problem.CONTENT_TYPE).result(problem.body(trace));
  }
}
