package dev.rookery.api;

import dev.rookery.kernel.Acting;
import dev.rookery.orgs.Principal;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens around every route: the gate, the answer, problems, traces, counting. */
final class Service {
  private static final Logger log = LoggerFactory.getLogger(Service.class);

  private static final Problem STOPPING =
      new Problem(503, "stopping", "The server is stopping; ask again.");

  private final Gate gate;
  private final Counters counters;
  private final Performance performance;
  private final EventStream events;

  Service(Gate gate, Counters counters, Performance performance, EventStream events) {
    this.gate = gate;
    this.performance = performance;
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
        feed = stream.open(Performance.call(route, request, principal));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(route.name(), context, STOPPING, e);
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
    reply.headers().forEach(context::header);
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

  /** As {@link #serve}, for a caller whose key was recognised just now. */
  Invocation.Answer invoke(Route route, Request request, Principal principal) {
    long start = System.nanoTime();
    int status = 500;
    try {
      Reply reply = perform(route, request, Gate.admit(principal, route));
      status = reply.status();
      return new Invocation.Answer(status, reply.contentType(), reply.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      status = STOPPING.status();
      return refused(route.name(), STOPPING, e);
    } catch (RuntimeException | Error e) {
      Problem problem = Problem.of(e);
      status = problem.status();
      return refused(route.name(), problem, e);
    } finally {
      counters.served(route.name(), status, System.nanoTime() - start);
    }
  }

  /** Why a call that did not come over HTTP was refused. */
  static Invocation.Answer refused(String route, Problem problem, Throwable error) {
    String trace = Trace.id(null);
    log(route, problem, trace, error);
    return new Invocation.Answer(problem.status(), Problem.CONTENT_TYPE, problem.body(trace));
  }

  /**
   * Performs a route for somebody who was let in; everything that it writes is on their behalf.
   *
   * @param principal null on routes that let anybody in
   */
  Reply perform(Route route, Request request, @Nullable Principal principal)
      throws InterruptedException {
    return principal == null
        ? performance.perform(route, request, null)
        : Acting.<Reply, InterruptedException>as(
            principal.actor(), () -> performance.perform(route, request, principal));
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

  private static void answer(String route, Context context, Problem problem, Throwable error) {
    String trace = context.res().getHeader(Trace.HEADER);
    log(route, problem, trace, error);
    problem.headers().forEach(context::header);
    context.status(problem.status()).contentType(Problem.CONTENT_TYPE).result(problem.body(trace));
  }

  /** Logs the route, never the path: a path may hold a secret, such as that of a set-up link. */
  private static void log(String route, Problem problem, @Nullable String trace, Throwable error) {
    if (problem.expected()) {
      log.debug("{} was refused: {} {}, trace {}", route, problem.status(), problem.code(), trace);
    } else {
      log.error("{} failed inside; the caller was told 500, trace {}", route, trace, error);
    }
  }
}
