package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.secrets.Vault;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The one client of the Bot API. It tells apart what was certainly not received from what may have
 * been, never repeats a call, and keeps the token, which is part of every URL, out of every word it
 * returns.
 */
public final class BotApi implements AutoCloseable {
  private static final int ANSWER_LIMIT = 32 << 20;
  private static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{1,256}");
  private static final Pattern FILE_PATH = Pattern.compile("[A-Za-z0-9_./ -]{1,512}");

  private final TelegramSecrets secrets;
  private final Patience patience;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /** How long to wait for a connection, and for a whole answer. */
  public record Patience(Duration connect, Duration answer) {
    public static final Patience USUAL =
        new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30));
  }

  public BotApi(Vault vault, Patience patience) {
    this.secrets = new TelegramSecrets(vault);
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience.connect())
            .executor(threads)
            .build();
  }

  /** What came of one call. */
  sealed interface Answer {
    record Ok(JsonNode result) implements Answer {}

    /** The API said no, in its own words. */
    record Refused(
        int status, String description, @Nullable Duration retryAfter, @Nullable Long migrateTo)
        implements Answer {}

    /** Something answered, but not in the API's words. */
    record Unreadable(int status, String cause) implements Answer {}

    /** Certainly not received. */
    record NotReached(String cause) implements Answer {}

    /** Written, or perhaps written; no answer. */
    record Lost(String cause) implements Answer {}

    /** Not even tried: the integration lacks something. */
    record NotReady(String code, String cause) implements Answer {}
  }

  /** A file's bytes; null when larger than the limit. */
  @SuppressWarnings("ArrayRecordComponent")
  record Fetched(int status, byte @Nullable [] body) {}

  /** What came of one download. */
  sealed interface Fetch {
    record Done(Fetched file) implements Fetch {}

    record Not(String cause) implements Fetch {}
  }

  private sealed interface Access {
    record Granted(String root, String token) implements Access {}

    record Denied(String code, String cause) implements Access {}
  }

  private sealed interface Exchange {
    record Answered(HttpResponse<Optional<byte[]>> response) implements Exchange {}

    record NotReached(String cause) implements Exchange {}

    record Lost(String cause) implements Exchange {}
  }

  Answer call(Integration integration, String method, ObjectNode parameters) {
    return call(integration, method, parameters, patience.answer());
  }

  Answer call(Integration integration, String method, ObjectNode parameters, Duration wait) {
    return switch (access(integration)) {
      case Access.Denied(String code, String cause) -> new Answer.NotReady(code, cause);
      case Access.Granted granted -> {
        HttpRequest request =
            HttpRequest.newBuilder(
                    URI.create(granted.root() + "/bot" + granted.token() + "/" + method))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(parameters)))
                .build();
        yield switch (exchange(request, ANSWER_LIMIT, wait)) {
          case Exchange.NotReached(String cause) ->
              new Answer.NotReached(scrub(method + ": " + cause, granted.token()));
          case Exchange.Lost(String cause) ->
              new Answer.Lost(scrub(method + ": " + cause, granted.token()));
          case Exchange.Answered(var response) -> read(response, granted.token());
        };
      }
    };
  }

  /** Downloads what getFile named. */
  Fetch fetch(Integration integration, String filePath, long limit) {
    if (!FILE_PATH.matcher(filePath).matches() || filePath.contains("..")) {
      return new Fetch.Not("The Bot API named a file path that cannot be a path.");
    }
    return switch (access(integration)) {
      case Access.Denied(_, String cause) -> new Fetch.Not(cause);
      case Access.Granted granted -> {
        String path = filePath.replace(" ", "%20");
        URI uri = URI.create(granted.root() + "/file/bot" + granted.token() + "/" + path);
        HttpRequest request = HttpRequest.newBuilder(uri).GET().build();
        yield switch (exchange(request, limit, patience.answer().multipliedBy(4))) {
          case Exchange.NotReached(String cause) -> new Fetch.Not(scrub(cause, granted.token()));
          case Exchange.Lost(String cause) -> new Fetch.Not(scrub(cause, granted.token()));
          case Exchange.Answered(var response) ->
              new Fetch.Done(new Fetched(response.statusCode(), response.body().orElse(null)));
        };
      }
    };
  }

  /** A sealed field of the integration, opened; empty when not set. */
  Optional<String> secret(Integration integration, String field) {
    return secrets.open(integration, field);
  }

  TelegramSecrets secrets() {
    return secrets;
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }

  private Access access(Integration integration) {
    String token;
    try {
      token = secrets.open(integration, TelegramSecrets.TOKEN).orElse("");
    } catch (Vault.BadSecret e) {
      return new Access.Denied(
          "token_unreadable",
          "The bot token of " + integration.id() + " does not open; set it again.");
    }
    if (!TOKEN.matcher(token).matches()) {
      return new Access.Denied(
          token.isEmpty() ? "token_missing" : "token_malformed",
          integration.id() + " has no bot token of the form <digits>:<key>; set it.");
    }
    String root = TelegramSettings.of(integration).baseUrl();
    if (!validRoot(root)) {
      return new Access.Denied(
          "base_url_malformed",
          integration.id() + " has a base_url that is not an http or https URL; correct it.");
    }
    return new Access.Granted(root, token);
  }

  private static boolean validRoot(String root) {
    try {
      URI uri = new URI(root);
      return uri.getHost() != null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (java.net.URISyntaxException e) {
      return false;
    }
  }

  private Exchange exchange(HttpRequest request, long limit, Duration wait) {
    var pending = client.sendAsync(request, _ -> new CappedBody(limit));
    try {
      return new Exchange.Answered(pending.get(wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      pending.cancel(true);
      return new Exchange.Lost("no answer within " + wait.toSeconds() + " s");
    } catch (ExecutionException e) {
      String what = describe(e);
      return neverSent(e) ? new Exchange.NotReached(what) : new Exchange.Lost(what);
    } catch (InterruptedException e) {
      pending.cancel(true);
      Thread.currentThread().interrupt();
      return new Exchange.Lost("interrupted while waiting for the answer");
    }
  }

  /** The request is written only after connection and handshake stand. */
  private static boolean neverSent(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ConnectException
          || t instanceof HttpConnectTimeoutException
          || t instanceof UnresolvedAddressException
          || t instanceof UnknownHostException
          || t instanceof SSLHandshakeException) {
        return true;
      }
    }
    return false;
  }

  private static String describe(Throwable e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    String name = deepest.getClass().getSimpleName();
    return message == null ? name : name + ": " + Text.brief(message, 200);
  }

  private static Answer read(HttpResponse<Optional<byte[]>> response, String token) {
    int status = response.statusCode();
    JsonNode body;
    try {
      body = Json.parse(response.body().orElse(new byte[0]));
    } catch (Refusal e) {
      return new Answer.Unreadable(status, "HTTP " + status + " without readable JSON");
    }
    JsonNode ok = body.path("ok");
    if (status / 100 == 2 && ok.asBoolean(false) && body.has("result")) {
      return new Answer.Ok(body.path("result"));
    }
    if (!ok.isBoolean() || ok.booleanValue()) {
      return new Answer.Unreadable(status, "HTTP " + status + " without ok and result");
    }
    JsonNode parameters = body.path("parameters");
    long retryAfter = parameters.path("retry_after").asLong(0);
    JsonNode migrateTo = parameters.path("migrate_to_chat_id");
    return new Answer.Refused(
        status / 100 == 2 ? body.path("error_code").asInt(status) : status,
        scrub(
            Text.brief(Text.clean(body.path("description").asText("no reason given")), 300), token),
        retryAfter > 0 ? Duration.ofSeconds(Math.min(retryAfter, 86_400)) : null,
        migrateTo.canConvertToLong() ? migrateTo.longValue() : null);
  }

  /** Removes the token, whole or only its secret half, wherever a message repeats it. */
  static String scrub(String text, String token) {
    String key = token.substring(token.indexOf(':') + 1);
    return text.replace(token, "<token>").replace(key, "<token>");
  }
}
