package dev.rookery.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.egress.GuardedClient;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.ToolId;
import dev.rookery.models.Cancellation;
import dev.rookery.models.ToolSpec;
import dev.rookery.secrets.ReversibleVault;
import dev.rookery.tools.Tool.Found;
import dev.rookery.tools.Tool.OutcomeUnknown;
import dev.rookery.tools.Tool.ToolResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP tools against a server that fails in the ways servers do. */
final class HttpToolIT {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["to"], "properties": {"to": {"type": "string"}}}
      """;

  private final ReversibleVault vault = new ReversibleVault();
  private final OrgId org = OrgId.next();
  private final ToolId id = ToolId.next();
  private final RunId run = RunId.next();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final GuardedClient client = new GuardedClient();
  private final HttpServer server;
  private volatile Reaction reaction = exchange -> answer(exchange, 200, "done");

  HttpToolIT() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }

  @Test
  void arguments_and_the_idempotency_key_reach_the_server_and_its_text_comes_back() {
    ToolResult result = call(EffectClass.UNSAFE, LONG);

    assertThat(result).isEqualTo(ToolResult.ok("done"));
    assertThat(requests)
        .containsExactly(
            "POST /do key-1 " + run + " 3 Bearer hunter2 application/json {\"to\":\"ada\"}");
  }

  @Test
  void arguments_that_do_not_fit_are_sent_back_to_the_model_and_nowhere_else() {
    ToolResult result =
        tool(EffectClass.UNSAFE, LONG).call(call("{\"to\": 5}", Cancellation.NEVER));

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("/to").contains("string");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 409, 429, 500, 503})
  void another_status_is_an_error_with_status_and_brief_body(int status) {
    reaction = exchange -> answer(exchange, status, "because " + "x".repeat(10_000));

    ToolResult result = call(EffectClass.UNSAFE, LONG);

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("HTTP " + status).contains("because").hasSizeLessThan(2_200);
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_is_not_followed(int status) {
    reaction =
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          answer(exchange, status, "");
        };

    ToolResult result = call(EffectClass.UNSAFE, LONG);

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("redirects are not followed");
    assertThat(requests).hasSize(1);
  }

  @Test
  void when_nobody_listens_nothing_was_done() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    DefinedTool nowhere =
        defined(EffectClass.UNSAFE, LONG, URI.create("http://127.0.0.1:" + port + "/"), true);

    ToolResult result =
        new HttpTool(nowhere, vault, client).call(call("{\"to\": \"ada\"}", Cancellation.NEVER));

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("not made");
  }

  @ParameterizedTest
  @EnumSource(EffectClass.class)
  void a_drop_after_the_request_is_unknown_unless_it_may_be_repeated(EffectClass effectClass) {
    reaction = HttpExchange::close;

    expectUnknownUnlessRepeatable(effectClass, LONG);
    assertThat(requests).as("nothing is sent again").hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(EffectClass.class)
  void silence_after_the_request_is_unknown_unless_it_may_be_repeated(EffectClass effectClass) {
    reaction = _ -> awaitEnd();

    expectUnknownUnlessRepeatable(effectClass, SHORT);
    assertThat(requests).hasSize(1);
  }

  @Test
  void a_drop_in_the_middle_of_the_answer_is_unknown() {
    reaction =
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          throw new IOException("cable cut");
        };

    expectUnknownUnlessRepeatable(EffectClass.UNSAFE, LONG);
    expectUnknownUnlessRepeatable(EffectClass.KEYED, LONG);
  }

  @Test
  void an_answer_that_stalls_is_given_up_at_the_time_out() {
    reaction =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          awaitEnd();
        };

    expectUnknownUnlessRepeatable(EffectClass.UNSAFE, SHORT);
  }

  private void expectUnknownUnlessRepeatable(EffectClass effectClass, Duration timeout) {
    if (effectClass == EffectClass.PURE || effectClass == EffectClass.KEYED) {
      ToolResult result = call(effectClass, timeout);
      assertThat(result.error()).isTrue();
      assertThat(result.text()).contains("safe to call the tool again");
    } else {
      assertThatThrownBy(() -> call(effectClass, timeout))
          .isInstanceOf(OutcomeUnknown.class)
          .hasMessageContaining("may or may not");
    }
  }

  @Test
  void an_endless_answer_is_read_to_one_mebibyte_and_shown_to_64_kib() {
    reaction =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] chunk = "€".repeat(10_000).getBytes(StandardCharsets.UTF_8);
          for (int i = 0; i < 10_000; i++) {
            exchange.getResponseBody().write(chunk);
          }
        };

    ToolResult result = call(EffectClass.PURE, LONG);

    assertThat(result.error()).isFalse();
    assertThat(result.text()).contains("more than 1 MiB").hasSizeLessThan(22_000);
    assertThat(result.text().replaceAll("(?s)\n\\[cut.*", "")).matches("€+");
  }

  @Test
  void cancelling_ends_the_exchange_at_once() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    reaction =
        _ -> {
          received.countDown();
          awaitEnd();
        };
    CancelSwitch cancellation = new CancelSwitch();
    CompletableFuture<ToolResult> pending =
        CompletableFuture.supplyAsync(
            () ->
                tool(EffectClass.UNSAFE, Duration.ofMinutes(5))
                    .call(call("{\"to\": \"ada\"}", cancellation)),
            threads);
    assertThat(received.await(10, TimeUnit.SECONDS)).isTrue();

    cancellation.fire();

    assertThatThrownBy(() -> pending.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(OutcomeUnknown.class)
        .hasMessageContaining("cancelled");
  }

  @Test
  void a_call_that_is_cancelled_before_it_starts_is_not_sent() {
    CancelSwitch cancellation = new CancelSwitch();
    cancellation.fire();

    ToolResult result =
        tool(EffectClass.UNSAFE, LONG).call(call("{\"to\": \"ada\"}", cancellation));

    assertThat(result.error()).isTrue();
    assertThat(requests).isEmpty();
  }

  @Test
  void a_secret_that_cannot_be_opened_stops_the_call_before_it_is_sent() {
    DefinedTool good = defined(EffectClass.UNSAFE, LONG, url("/do"), true);
    DefinedTool moved =
        new DefinedTool(
            org,
            ToolId.next(),
            good.spec(),
            good.endpoint(),
            good.sealed(),
            EffectClass.UNSAFE,
            true);

    ToolResult result =
        new HttpTool(moved, vault, client).call(call("{\"to\": \"ada\"}", Cancellation.NEVER));

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("not made").contains("secret header");
    assertThat(new HttpTool(moved, vault, client).lookUp(call("{}", Cancellation.NEVER)))
        .isEqualTo(new Found.CannotTell());
    assertThat(requests).isEmpty();
  }

  @Test
  void looking_up_asks_with_the_key_and_believes_200_and_404_only() {
    HttpTool tool = tool(EffectClass.RECONCILABLE, SHORT);
    Tool.Call call = call("{\"to\": \"ada\"}", Cancellation.NEVER);

    assertThat(tool.lookUp(call)).isEqualTo(new Found.Happened(ToolResult.ok("done")));
    assertThat(requests.getFirst()).startsWith("GET /find?kind=mail&idempotency_key=key-1 key-1");
    reaction = exchange -> answer(exchange, 404, "");
    assertThat(tool.lookUp(call)).isEqualTo(new Found.Absent());
    for (Reaction unclear :
        List.<Reaction>of(
            exchange -> answer(exchange, 500, ""),
            exchange -> answer(exchange, 204, null),
            HttpExchange::close,
            _ -> awaitEnd())) {
      reaction = unclear;
      assertThat(tool.lookUp(call)).isEqualTo(new Found.CannotTell());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/",
        "http://localhost:%d/",
        "http://[::1]:%d/",
        "http://[::ffff:127.0.0.1]:%d/",
        "http://2130706433:%d/",
        "http://0.0.0.0:%d/"
      })
  void private_addresses_are_called_only_where_that_is_permitted(String url) {
    URI target = Endpoint.uri(url.replace("%d", Integer.toString(server.getAddress().getPort())));
    DefinedTool guarded = defined(EffectClass.UNSAFE, LONG, target, false);

    ToolResult result =
        new HttpTool(guarded, vault, client).call(call("{\"to\": \"ada\"}", Cancellation.NEVER));

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("not made");
    assertThat(requests).isEmpty();
    assertThat(new HttpTool(guarded, vault, client).lookUp(call("{}", Cancellation.NEVER)))
        .isEqualTo(new Found.CannotTell());
    assertThat(requests).isEmpty();
  }

  private ToolResult call(EffectClass effectClass, Duration timeout) {
    return tool(effectClass, timeout).call(call("{\"to\": \"ada\"}", Cancellation.NEVER));
  }

  private Tool.Call call(String arguments, Cancellation cancellation) {
    var caller = new Tool.Caller(org, AgentId.next(), run, 3, "test:1", 1);
    return new Tool.Call(caller, Json.parse(arguments), "key-1", cancellation);
  }

  private HttpTool tool(EffectClass effectClass, Duration timeout) {
    return new HttpTool(defined(effectClass, timeout, url("/do"), true), vault, client);
  }

  private DefinedTool defined(
      EffectClass effectClass, Duration timeout, URI url, boolean allowPrivate) {
    String sealed = vault.seal(DefinedTool.secret(org, id, "Authorization"), "Bearer hunter2");
    return new DefinedTool(
        org,
        id,
        new ToolSpec("mail", "Sends mail.", Json.parse(SCHEMA)),
        new Endpoint(url, "POST", timeout, url("/find?kind=mail"), allowPrivate),
        Map.of("Authorization", sealed),
        effectClass,
        true);
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        String.join(
            " ",
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            headers.getFirst("Idempotency-Key"),
            headers.getFirst("X-Rookery-Run"),
            headers.getFirst("X-Rookery-Step"),
            headers.getFirst("Authorization"),
            headers.getFirst("Content-Type"),
            body));
    try (exchange) {
      reaction.to(exchange);
    }
  }

  private void awaitEnd() throws IOException {
    try {
      if (!over.await(30, TimeUnit.SECONDS)) {
        throw new IOException("the test did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(
      HttpExchange exchange, int status, @org.jspecify.annotations.Nullable String body)
      throws IOException {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private interface Reaction {
    void to(HttpExchange exchange) throws IOException;
  }
}
