package dev.rookery.models;

import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.ModelSettings.TimeLimits;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The network, over the JDK's client. Not the HTTP client that LangChain4j brings: that one has no
 * time-out between two bytes, and cannot be cancelled while it waits for the first one.
 */
final class LiveTransport implements Transport, AutoCloseable {
  private final TimeLimits limits;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  LiveTransport(TimeLimits limits) {
    this.limits = limits;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(limits.connect())
            .followRedirects(Redirect.NEVER)
            .executor(threads)
            .build();
  }

  @Override
  public Reply send(Call call, Cancellation cancellation) {
    BodyQueue body = new BodyQueue(call.provider(), limits);
    CompletableFuture<HttpResponse<Void>> sent = client.sendAsync(request(call), body.handler());
    var registration =
        cancellation.onCancel(
            () -> {
              body.cancel();
              sent.cancel(true);
            });
    body.whenClosed(registration::close);
    try {
      HttpResponse.ResponseInfo info = body.head(sent);
      return new Reply(info.statusCode(), flat(info), body);
    } catch (ModelFailure e) {
      sent.cancel(true);
      body.close();
      throw cancellation.cancelled() ? ModelFailure.cancelled() : e;
    }
  }

  private HttpRequest request(Call call) {
    URI uri = URI.create(call.url());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .POST(BodyPublishers.ofByteArray(call.body().getBytes(StandardCharsets.UTF_8)));
    if ("http".equals(uri.getScheme())) {
      // Over clear text the JDK would ask for an upgrade to HTTP/2, which small servers choke on.
      builder.version(Version.HTTP_1_1);
    }
    call.headers().forEach((name, values) -> values.forEach(v -> builder.header(name, v)));
    return builder.build();
  }

  private static Map<String, String> flat(HttpResponse.ResponseInfo info) {
    Map<String, String> flat = new HashMap<>();
    info.headers()
        .map()
        .forEach((name, values) -> flat.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return flat;
  }

  /** What a failed connection or exchange means. */
  static ModelFailure unreachable(Provider provider, Throwable cause) {
    String what =
        switch (cause) {
          case HttpConnectTimeoutException _ -> "did not accept a connection in time";
          case ConnectException _ -> "refused the connection";
          case UnknownHostException _ -> "has no known address";
          default -> "dropped the connection";
        };
    return new ModelFailure(
        Reason.UNAVAILABLE, provider.id() + " " + what + "; the call is tried again.", null);
  }

  static ModelFailure late(Provider provider, String what, Duration limit) {
    return new ModelFailure(
        Reason.UNAVAILABLE,
        provider.id()
            + " "
            + what
            + " within "
            + limit.toMillis()
            + " ms; the call is tried again.",
        null);
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
