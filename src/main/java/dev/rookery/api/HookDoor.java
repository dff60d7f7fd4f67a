package dev.rookery.api;

import dev.rookery.inbox.Inbox;
import dev.rookery.inbox.Receiver;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.webhooks.WebhookDoor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Webhooks, in front of everything else: raw bytes and headers go to the inbox, and the sender gets
 * its 2xx only after the commit. It stays below the servlet layer because channels deliver far more
 * often than people ask.
 */
final class HookDoor extends Handler.Wrapper {
  static final String PREFIX = "/hooks/";

  /** Also that of a policy's own webhook: its id, and the token. */
  static final String PATH = PREFIX + "{channel}/{integration_id}";

  private static final Logger log = LoggerFactory.getLogger(HookDoor.class);
  private static final String ROUTE = "POST " + PATH;
  private static final byte[] DONE = "{}".getBytes(StandardCharsets.UTF_8);
  private static final HttpField JSON =
      new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Reply.JSON);
  private static final HttpField NO_STORE =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
  private static final Problem NOBODY =
      new Problem(404, "not-found", "Nothing is delivered to this address.");

  private final Rooms rooms;
  private final IntegrationCache integrations;
  private final Counters counters;

  HookDoor(Rooms rooms, Counters counters) {
    this.rooms = rooms;
    this.counters = counters;
    this.integrations = new IntegrationCache(rooms.domain().integrations());
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getCanonicalPath();
    if (path == null || !path.startsWith(PREFIX)) {
      return super.handle(request, response, callback);
    }
    long start = System.nanoTime();
    Problem problem;
    String trace = null;
    try {
      problem = deliver(request, path);
    } catch (RuntimeException | Error e) {
      problem = Problem.of(e);
      trace = Trace.id(request.getHeaders().get("traceparent"));
      if (!problem.expected()) {
        log.error("a delivery failed inside; the sender was told 500, trace {}", trace, e);
      } else {
        log.debug("a delivery was refused: {}, trace {}", problem.code(), trace);
      }
    }
    counters.served(ROUTE, problem == null ? 200 : problem.status(), System.nanoTime() - start);
    write(response, problem, trace, callback);
    return true;
  }

  /** Null when all is well. */
  private @Nullable Problem deliver(Request request, String path) {
    int slash = path.indexOf('/', PREFIX.length());
    if (slash < 0) {
      return NOBODY;
    }
    if (!request.getMethod().equals("POST")) {
      return Problem.ofStatus(405);
    }
    String channel = path.substring(PREFIX.length(), slash);
    String rest = path.substring(slash + 1);
    WebhookDoor.Door webhook = rooms.waking().webhooks().door().find(channel).orElse(null);
    if (webhook != null) {
      return knock(request, webhook, rest);
    }
    Receiver receiver = rooms.doors().receivers().of(channel).orElse(null);
    Integration integration =
        receiver == null ? null : integrations.find(channel, rest).orElse(null);
    if (receiver == null || integration == null) {
      return NOBODY;
    }
    byte[] body =
        Body.read(Content.Source.asInputStream(request), request.getLength(), receiver.bodyLimit());
    Inbox.Answer answer =
        rooms.flow().inbox().deliver(integration, receiver, body, headers(request));
    return answered(integration.org(), answer);
  }

  /** At the URL of a policy's own. */
  private @Nullable Problem knock(Request request, WebhookDoor.Door webhook, String token) {
    WebhookDoor door = rooms.waking().webhooks().door();
    Map<String, List<String>> headers = headers(request);
    byte[] body;
    try {
      body =
          Body.read(
              Content.Source.asInputStream(request), request.getLength(), WebhookDoor.BODY_LIMIT);
    } catch (Refusal e) {
      door.tooLarge(webhook, headers);
      counters.event(webhook.org(), "rejected");
      throw e;
    }
    return answered(webhook.org(), door.deliver(webhook, token, body, headers));
  }

  private @Nullable Problem answered(OrgId org, Inbox.Answer answer) {
    count(org, answer);
    return answer.status() == 200
        ? null
        : new Problem(answer.status(), answer.code(), answer.why());
  }

  private static Map<String, List<String>> headers(Request request) {
    Map<String, List<String>> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      headers
          .computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
          .add(value == null ? "" : value);
    }
    return headers;
  }

  private void count(OrgId org, Inbox.Answer answer) {
    if (answer.status() != 200) {
      counters.event(org, "rejected");
    } else if (answer.accepted().isEmpty()) {
      counters.event(org, "skipped");
    }
    for (Inbox.Accepted accepted : answer.accepted()) {
      counters.event(org, accepted.duplicate() ? "duplicate" : "accepted");
    }
  }

  private static void write(
      Response response, @Nullable Problem problem, @Nullable String trace, Callback callback) {
    response.getHeaders().put(NO_STORE);
    if (problem == null) {
      response.setStatus(200);
      response.getHeaders().put(JSON);
      response.write(true, ByteBuffer.wrap(DONE), callback);
      return;
    }
    response.setStatus(problem.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    problem.headers().forEach(response.getHeaders()::put);
    if (trace != null) {
      response.getHeaders().put(Trace.HEADER, trace);
    }
    response.write(true, ByteBuffer.wrap(problem.body(trace)), callback);
  }
}
