package dev.rookery.tools;

import dev.rookery.models.Cancellation;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * One HTTP exchange, and an honest word on how it ended. Each has a connection of its own: one that
 * was kept alive may break just when it is used again, and nobody could tell whether the request
 * took effect.
 */
final class GuardedExchange {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  private GuardedExchange() {}

  static Ending perform(HttpRequest request, Duration timeout, Cancellation cancellation) {
    if (cancellation.cancelled()) {
      return new Ending.NotSent("the run was cancelled");
    }
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout(timeout))
            .build();
    try {
      return await(client, request, timeout, cancellation);
    } finally {
      client.shutdownNow();
    }
  }

  /** Ends before the whole time-out, so that a slow connect is known not to have sent anything. */
  private static Duration connectTimeout(Duration timeout) {
    Duration most = timeout.multipliedBy(4).dividedBy(5);
    return most.compareTo(LONGEST_CONNECT) < 0 ? most : LONGEST_CONNECT;
  }

  private static Ending await(
      HttpClient client, HttpRequest request, Duration timeout, Cancellation cancellation) {
    CompletableFuture<HttpResponse<CappedBody.Body>> answer =
        client.sendAsync(request, _ -> new CappedBody());
    try (Cancellation.Registration _ = cancellation.onCancel(() -> answer.cancel(true))) {
      HttpResponse<CappedBody.Body> response =
          answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Ending.Answered(response.statusCode(), response.body().text());
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new Ending.Broken("no answer within " + timeout.toMillis() + " ms");
    } catch (CancellationException e) {
      return new Ending.Broken("the run was cancelled while the call was under way");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Ending.Broken("the server stopped while the call was under way");
    }
  }

  private static Ending failed(Throwable cause) {
    return switch (cause) {
      case ConnectException _ -> new Ending.NotSent("nothing accepts connections there");
      case HttpConnectTimeoutException _ -> new Ending.NotSent("connecting took too long");
      case SSLHandshakeException e -> new Ending.NotSent("TLS failed: " + e.getMessage());
      case CancellationException _ ->
          new Ending.Broken("the run was cancelled while the call was under way");
      default -> new Ending.Broken("the connection broke: " + cause.getMessage());
    };
  }

  /** How an exchange ended. */
  sealed interface Ending {
    /** There is an answer. */
    record Answered(int status, String body) implements Ending {
      boolean ok() {
        return status >= 200 && status < 300;
      }
    }

    /** The request certainly had no effect. */
    record NotSent(String why) implements Ending {}

    /** The request was, or may have been, received; what became of it is not known. */
    record Broken(String why) implements Ending {}
  }
}
