package dev.rookery.api;

import dev.rookery.orgs.Principal;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens around every route: the gate, the answer, problems, traces, counting. */
final class Service {
  private static final Logger log = LoggerFactory.getLogger(Service.class);

  private final Gate gate;
  private final Counters counters;
  private final Performance performance;

  Service(Gate gate, Counters counters, Performance performance) {
    this.gate = gate;
    this.performance = performance;
    this.counters = counters;
  }

  void serve(Route route, Context context) {
    long start = System.nanoTime();
    prepare(context);
    try {
      Principal principal = gate.enter(route.access(), context);
      Reply reply = performance.perform(route, new HttpRequest(context), principal);
      context.status(reply.status());
      reply.headers().forEach(context::header);
      if (reply.body().length > 0) {
        context.contentType(reply.contentType()).result(reply.body());
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
