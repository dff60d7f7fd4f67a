package dev.rookery.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.rookery.kernel.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The local Bot API checks what the real one checks; otherwise it would prove nothing. */
class LocalBotApiIT {
  private final LocalBotApi server = LocalBotApi.start();
  private final HttpClient client = HttpClient.newHttpClient();
  private final SampleUpdates updates =
      new SampleUpdates(
          server.bot(), InstantSource.fixed(Instant.parse("2026-11-20T12:00:00Z")), 1);

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void it_says_who_it_is_and_knows_only_its_token() throws Exception {
    assertThat(call("getMe", "{}").at("/result/username").asText()).isEqualTo("rookery_bot");
    URI wrong = URI.create(server.baseUrl() + "/bot1:wrong/getMe");
    var answer =
        client.send(HttpRequest.newBuilder(wrong).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(call("getMoney", "{}").path("error_code").asInt()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          <p>x</p>~Unsupported start tag
          <b>x~Can't find end tag
          <b><i>x</b></i>~Unmatched end tag
          x</b>~Unexpected end tag
          a < b~Unclosed start tag
          <b ~Unclosed start tag
          """)
  void bad_html_is_refused_as_by_the_real_one(String html, String why) throws Exception {
    JsonNode answer = call("sendMessage", message(html, "HTML"));
    assertThat(answer.path("description").asText()).contains("can't parse entities").contains(why);
    assertThat(server.messages()).isEmpty();
  }

  @Test
  void html_becomes_text_with_entities_in_utf_16_units() throws Exception {
    JsonNode answer =
        call(
            "sendMessage",
            message(
                "😀 <b>&lt;x&gt; &amp;&nbsp;</b><a href=\\\"https://x.y/?a&amp;b\\\">l</a>",
                "HTML"));
    assertThat(answer.at("/result/text").asText()).isEqualTo("😀 <x> &&nbsp;l");
    assertThat(answer.at("/result/entities/0").toString())
        .isEqualTo("{\"type\":\"bold\",\"offset\":3,\"length\":11}");
    assertThat(answer.at("/result/entities/1/url").asText()).isEqualTo("https://x.y/?a&b");
  }

  @Test
  void length_counts_after_entity_parsing_and_emptiness_is_refused() throws Exception {
    assertThat(
            call("sendMessage", message("<b>" + "&amp;".repeat(4096) + "</b>", "HTML"))
                .path("ok")
                .asBoolean())
        .isTrue();
    assertThat(call("sendMessage", message("x".repeat(4097), "")).path("description").asText())
        .isEqualTo("Bad Request: message is too long");
    for (String empty : List.of("", "  ", "\\u200B\\n")) {
      assertThat(call("sendMessage", message(empty, "")).path("description").asText())
          .isEqualTo("Bad Request: message text is empty");
    }
  }

  @Test
  void messages_can_be_edited_and_awaited() throws Exception {
    long id = call("sendMessage", message("one", "")).at("/result/message_id").asLong();
    String edit = "{\"chat_id\":7,\"message_id\":" + id + ",\"text\":\"two\"}";
    assertThat(call("editMessageText", edit).path("ok").asBoolean()).isTrue();
    assertThat(server.awaitMessages(1, Duration.ofSeconds(1)).getFirst().text()).isEqualTo("two");
    assertThat(server.messages(7)).hasSize(1);
    assertThatThrownBy(() -> server.awaitMessages(2, Duration.ofMillis(10)))
        .hasMessageContaining("1 of 2 messages");
    assertThat(call("answerCallbackQuery", "{\"callback_query_id\":\"q\"}").path("ok").asBoolean())
        .isTrue();
  }

  @Test
  void buttons_are_kept_with_the_message_and_their_data_is_limited() throws Exception {
    String button = "{\"text\":\"Allow\",\"callback_data\":\"%s\"}";
    String message =
        "{\"chat_id\":-7,\"text\":\"one\",\"reply_markup\":{\"inline_keyboard\":[["
            + button
            + "]]}}";
    assertThat(call("sendMessage", message.formatted("yes")).path("ok").asBoolean()).isTrue();
    LocalBotApi.Message sent = server.messages(-7).getFirst();
    assertThat(server.buttons(sent)).containsExactly(new LocalBotApi.Button("Allow", "yes"));
    assertThat(call("sendMessage", message.formatted("é".repeat(33))).path("description").asText())
        .isEqualTo("Bad Request: BUTTON_DATA_INVALID");
    assertThat(server.messages()).hasSize(1);

    JsonNode press = updates.press(new SampleUpdates.Presser(7, "Eve"), sent, "yes");
    assertThat(press.at("/callback_query/message/message_id").asLong()).isEqualTo(sent.id());
    assertThat(press.at("/callback_query/from/id").asLong()).isEqualTo(7);
    assertThat(press.at("/callback_query/message/chat/type").asText()).isEqualTo("supergroup");
  }

  @Test
  void updates_are_pushed_with_the_secret_and_stay_pending_until_taken() throws Exception {
    List<String> secrets = new CopyOnWriteArrayList<>();
    HttpServer hook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hook.createContext(
        "/",
        exchange -> {
          try (exchange) {
            secrets.add(exchange.getRequestHeaders().getFirst("X-Telegram-Bot-Api-Secret-Token"));
            exchange.sendResponseHeaders(secrets.size() == 1 ? 500 : 200, -1);
          }
        });
    hook.start();
    try {
      String url = "http://127.0.0.1:" + hook.getAddress().getPort() + "/hook";
      call("setWebhook", "{\"url\":\"" + url + "\",\"secret_token\":\"s-1\"}");
      assertThat(server.push(updates.privateText("a"))).isEqualTo(500);
      assertThat(call("getWebhookInfo", "{}").at("/result/pending_update_count").asInt()).isOne();
      assertThat(server.push(updates.privateText("b"))).isEqualTo(200);
      assertThat(secrets).containsExactly("s-1", "s-1");
    } finally {
      hook.stop(0);
    }
  }

  @Test
  void a_secret_with_other_characters_is_refused() throws Exception {
    assertThat(
            call("setWebhook", "{\"url\":\"http://x\",\"secret_token\":\"a b\"}")
                .path("ok")
                .asBoolean())
        .isFalse();
  }

  @Test
  void form_parameters_are_understood_too() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("sendMessage"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("chat_id=7&text=a%26b+c"))
            .build();
    client.send(request, HttpResponse.BodyHandlers.discarding());
    assertThat(server.messages(7).getFirst().text()).isEqualTo("a&b c");
  }

  private URI uri(String method) {
    return URI.create(server.baseUrl() + "/bot" + server.bot().token() + "/" + method);
  }

  private static String message(String text, String mode) {
    return "{\"chat_id\":7,\"text\":\"" + text + "\",\"parse_mode\":\"" + mode + "\"}";
  }

  private JsonNode call(String method, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(method))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return Json.parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
