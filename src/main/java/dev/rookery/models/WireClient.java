package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.Transport.Body;
import dev.rookery.models.Transport.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The HTTP client of one model call, given to LangChain4j. It runs the whole exchange on the
 * calling thread, so that a failure is thrown to the caller as we classified it.
 */
final class WireClient implements HttpClient {
  /** No honest answer is longer. */
  private static final long MAX_BYTES = 64L << 20;

  private final Provider provider;
  private final Transport transport;
  private final StreamWatch watch;
  private final Cancellation cancellation;

  WireClient(Provider provider, Transport transport, StreamWatch watch, Cancellation cancellation) {
    this.provider = provider;
    this.transport = transport;
    this.watch = watch;
    this.cancellation = cancellation;
  }

  HttpClientBuilder builder() {
    return new Builder(this);
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    throw new UnsupportedOperationException("model calls are streamed");
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser ignored, ServerSentEventListener listener) {
    var call = new Transport.Call(provider, request.url(), request.headers(), request.body());
    Reply reply = transport.send(call, cancellation);
    try (Body body = reply.body()) {
      if (reply.status() != 200) {
        throw WireErrors.of(provider, reply);
      }
      requireEventStream(reply);
      listener.onOpen(SuccessfulHttpResponse.builder().statusCode(200).build());
      pump(body, listener);
      body.finish();
    }
    if (watch.stop() == null) {
      throw WireErrors.badOutput(provider, "ended its answer without saying that it is complete");
    }
    listener.onClose();
  }

  private void requireEventStream(Reply reply) {
    String type = reply.header("content-type").orElse("text/event-stream");
    if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
      throw WireErrors.badOutput(provider, "answered with something that is not an event stream");
    }
  }

  private void pump(Body body, ServerSentEventListener listener) {
    SseReader reader = new SseReader();
    long total = 0;
    while (!watch.over()) {
      byte[] piece = body.next();
      if (piece == null) {
        give(reader.end(), listener);
        return;
      }
      total += piece.length;
      if (total > MAX_BYTES) {
        throw WireErrors.badOutput(provider, "sent more than " + MAX_BYTES + " bytes");
      }
      give(reader.feed(piece), listener);
    }
  }

  private void give(List<SseReader.Event> events, ServerSentEventListener listener) {
    for (SseReader.Event event : events) {
      if (!watch.over()) {
        give(event, listener);
      }
    }
  }

  private void give(SseReader.Event event, ServerSentEventListener listener) {
    if (event.data().strip().equals("[DONE]")) {
      watch.done();
      return;
    }
    try {
      JsonNode data = Json.parse(event.data());
      watch.see(event.name(), data);
      // Some gateways leave the event's name out; Anthropic repeats it in the data.
      String name = event.name().equals("message") ? data.path("type").asText() : event.name();
      listener.onEvent(
          new ServerSentEvent(name, event.data()), new ServerSentEventContext(new Handle()));
    } catch (ModelFailure failure) {
      throw failure;
    } catch (RuntimeException unreadable) {
      String what =
          unreadable instanceof Refusal
              ? "sent an event that is not JSON"
              : "sent an event that does not follow its protocol";
      throw WireErrors.badOutput(provider, what);
    }
  }

  /** Calls are cancelled through the transport, never through LangChain4j. */
  private static final class Handle implements ServerSentEventParsingHandle {
    @Override
    public void cancel() {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }

  /** Hands out the one client; time limits are the transport's. */
  private record Builder(WireClient client) implements HttpClientBuilder {
    @Override
    public Duration connectTimeout() {
      return Duration.ZERO;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration ignored) {
      return this;
    }

    @Override
    public Duration readTimeout() {
      return Duration.ZERO;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration ignored) {
      return this;
    }

    @Override
    public HttpClient build() {
      return client;
    }
  }
}
