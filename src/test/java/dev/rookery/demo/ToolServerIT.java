package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ToolServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ToolServer tools = ToolServer.start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    tools.close();
  }

  private HttpRequest call(String tool, String key) {
    return HttpRequest.newBuilder(tools.url(tool))
        .timeout(PATIENCE)
        .header("Idempotency-Key", key)
        .POST(HttpRequest.BodyPublishers.ofString("{\"order\":\"1042\",\"sku\":\"KETTLE-2\"}"))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> lookUp(String key) throws IOException, InterruptedException {
    URI url = URI.create(tools.url("add_note") + "?idempotency_key=" + key);
    return send(HttpRequest.newBuilder(url).timeout(PATIENCE).GET().build());
  }

  private long effects(String tool) {
    return tools.ledger().effects().stream().filter(e -> e.tool().equals(tool)).count();
  }

  @Test
  void a_keyed_tool_takes_effect_once_per_key_and_answers_the_same() throws Exception {
    String first = send(call("reserve_stock", "a")).body();

    assertThat(send(call("reserve_stock", "a")).body()).isEqualTo(first);
    assertThat(effects("reserve_stock")).isEqualTo(1);
    assertThat(send(call("reserve_stock", "b")).body()).isNotEqualTo(first);
    assertThat(effects("reserve_stock")).isEqualTo(2);
  }

  @Test
  void an_unsafe_tool_takes_effect_at_every_call() throws Exception {
    send(call("book_courier", "a"));
    send(call("book_courier", "a"));

    assertThat(effects("book_courier")).isEqualTo(2);
  }

  @Test
  void a_reconcilable_tool_tells_whether_a_call_took_effect() throws Exception {
    assertThat(lookUp("a").statusCode()).isEqualTo(404);
    String noted = send(call("add_note", "a")).body();

    assertThat(lookUp("a").body()).isEqualTo(noted);
    assertThat(lookUp("a").statusCode()).isEqualTo(200);
    assertThat(effects("add_note")).isEqualTo(1);
    assertThat(tools.ledger().calls()).filteredOn(ToolLedger.Call::lookup).hasSize(3);
  }

  @Test
  void a_held_call_has_taken_effect_and_is_answered_when_let_go() throws Exception {
    tools.ledger().hold("add_note");
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(call("add_note", "a"), HttpResponse.BodyHandlers.ofString());

    assertThat(tools.ledger().awaitStopped("add_note", PATIENCE)).isTrue();
    assertThat(effects("add_note")).isEqualTo(1);
    assertThat(answer).isNotDone();
    tools.ledger().hold("");
    assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  @Test
  void a_call_without_a_key_or_of_an_unknown_tool_is_refused() throws Exception {
    HttpRequest keyless =
        HttpRequest.newBuilder(tools.url("add_note"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();

    assertThat(send(keyless).statusCode()).isEqualTo(400);
    assertThat(send(call("delete_everything", "a")).statusCode()).isEqualTo(404);
    assertThat(tools.ledger().effects()).isEmpty();
  }
}
