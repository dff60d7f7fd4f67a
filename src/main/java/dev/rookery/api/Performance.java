package dev.rookery.api;

import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.orgs.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every route does around its action, over HTTP and through the gateway alike: unknown
 * parameters, keys against repetition, entity tags, chosen fields.
 */
final class Performance {
  private static final int LOCKS = 64;
  private static final int MAX_QUERY = 2_000;

  private final Routes routes;
  private final Idempotency idempotency;
  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

  Performance(Routes routes, Idempotency idempotency) {
    this.routes = routes;
    this.idempotency = idempotency;
  }

  /** The answer to one request that was let in. */
  Reply perform(Route route, Request came, @Nullable Principal principal)
      throws InterruptedException {
    Request request = new Once(came);
    check(route, request);
    return switch (route.method()) {
      case "GET" -> read(route, request, principal);
      case "PATCH", "PUT", "DELETE" -> edit(route, request, principal);
      default ->
          idempotency.perform(
              route,
              request,
              principal,
              () -> route.action().perform(new Call(request, principal)));
    };
  }

  private static Reply read(Route route, Request request, @Nullable Principal principal)
      throws InterruptedException {
    String wanted = route.json() ? request.query(FieldFilter.PARAMETER) : null;
    FieldFilter fields = wanted == null ? null : FieldFilter.parse(wanted);
    Reply reply = route.action().perform(new Call(request, principal));
    if (reply.status() != 200 || !route.json()) {
      return reply;
    }
    Map<String, String> headers = new HashMap<>(reply.headers());
    String tag = tag(reply);
    headers.put("ETag", tag);
    String known = request.header("If-None-Match");
    if (known != null && names(known, tag)) {
      return new Reply(304, Reply.JSON, new byte[0], headers);
    }
    byte[] body =
        fields == null
            ? reply.body()
            : Json.write(fields.of(Json.parse(reply.body()))).getBytes(StandardCharsets.UTF_8);
    return new Reply(200, reply.contentType(), body, headers);
  }

  /** Of the whole, also when only some fields are given out. */
  private static String tag(Reply reply) {
    return "\"" + Digest.sha256(reply.body()).substring(0, 32) + "\"";
  }

  private static boolean names(String header, String tag) {
    return header.strip().equals("*")
        || Arrays.stream(header.split(",", -1))
            .map(one -> one.strip().replaceFirst("^W/", ""))
            .anyMatch(tag::equals);
  }

  /** Edits of one thing come one after the other here, so what is compared is what is changed. */
  private Reply edit(Route route, Request request, @Nullable Principal principal)
      throws InterruptedException {
    String path =
        route.parameters().stream()
            .map(request::path)
            .collect(Collectors.joining("/", route.path() + " ", ""));
    ReentrantLock lock = locks[Math.floorMod(path.hashCode(), LOCKS)];
    lock.lockInterruptibly();
    try {
      String wanted = request.header("If-Match");
      if (wanted != null) {
        compare(route, request, principal, wanted);
      }
      return route.action().perform(new Call(request, principal));
    } finally {
      lock.unlock();
    }
  }

  private void compare(Route route, Request request, @Nullable Principal principal, String wanted)
      throws InterruptedException {
    Route shown =
        routes.all().stream()
            .filter(r -> r.method().equals("GET") && r.path().equals(route.path()) && r.json())
            .findFirst()
            .orElseThrow(
                () ->
                    failed(
                        "What "
                            + route.path()
                            + " names cannot be read alone, so If-Match cannot"
                            + " be held against it. Nothing was changed; send the request without it."));
    Reply now = shown.action().perform(new Call(new WithoutQuery(request), principal));
    String tag = tag(now);
    boolean same =
        wanted.strip().equals("*")
            || Arrays.stream(wanted.split(",", -1)).map(String::strip).anyMatch(tag::equals);
    if (!same) {
      throw failed(
          "It was changed meanwhile; its ETag is "
              + tag
              + " now. Nothing was changed: read it again, and edit what you then see.");
    }
  }

  private static Problem.Thrown failed(String why) {
    return new Problem.Thrown(412, "precondition-failed", why);
  }

  /** A request whose parameters the route knows. */
  static Call call(Route route, Request request, @Nullable Principal principal) {
    check(route, request);
    return new Call(request, principal);
  }

  private static void check(Route route, Request request) {
    refuseUnknownQuery(route, request);
    refuseLongQuery(request);
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

  private static void refuseUnknownQuery(Route route, Request request) {
    for (String name : request.queryNames()) {
      boolean filter = name.equals(FieldFilter.PARAMETER) && route.json();
      if (!filter && !route.knowsQuery(name)) {
        throw Refusal.badInput(
            "unknown-parameter",
            "There is no parameter '%s' here; known are: %s.",
            Text.brief(Text.clean(name), 60),
            known(route));
      }
    }
  }

  private static String known(Route route) {
    Stream<String> own = route.doc().query().stream().map(Route.Query::name);
    Stream<String> all = route.json() ? Stream.concat(own, Stream.of(FieldFilter.PARAMETER)) : own;
    String names = all.collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  /** A body can be read from the network once, and is wanted twice. */
  private static final class Once implements Request {
    private final Request inner;
    private byte @Nullable [] body;

    Once(Request inner) {
      this.inner = inner;
    }

    @Override
    public String path(String parameter) {
      return inner.path(parameter);
    }

    @Override
    public @Nullable String query(String name) {
      return inner.query(name);
    }

    @Override
    public Set<String> queryNames() {
      return inner.queryNames();
    }

    @Override
    public @Nullable String header(String name) {
      return inner.header(name);
    }

    @Override
    public byte[] body() {
      byte[] read = body;
      if (read == null) {
        read = inner.body();
        body = read;
      }
      return read;
    }
  }

  /** The same thing, shown as a reader without wishes sees it. */
  private record WithoutQuery(Request inner) implements Request {
    @Override
    public String path(String parameter) {
      return inner.path(parameter);
    }

    @Override
    public @Nullable String query(String name) {
      return null;
    }

    @Override
    public Set<String> queryNames() {
      return Set.of();
    }

    @Override
    public @Nullable String header(String name) {
      return inner.header(name);
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }
  }
}
