package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.delivery.Sender.Found;
import dev.rookery.delivery.Sender.Outbound;
import dev.rookery.delivery.Sender.Receipt;
import dev.rookery.demo.Fault;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.demo.LocalBotApi.Message;
import dev.rookery.integrations.Integration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of one message, for every way in which a call can end. */
class TelegramSenderIT {
  private final LocalBotApi server = LocalBotApi.start();
  private final BotApi api = Bots.api();
  private final TelegramSender sender = new TelegramSender(api);
  private final Integration bot = Bots.at(server);

  @AfterEach
  void close() {
    server.close();
    api.close();
  }

  @Test
  void a_message_arrives_rendered_in_its_topic_as_a_reply() {
    Receipt receipt = deliver("-100123/17", "Hello **you** & `<me>`", "55");
    Message message = server.messages().getFirst();
    assertThat(receipt).isEqualTo(new Receipt.Sent(Long.toString(message.id())));
    assertThat(message.chat()).isEqualTo("-100123");
    assertThat(message.thread()).isEqualTo(17);
    assertThat(message.replyTo()).isEqualTo(55);
    assertThat(message.text()).isEqualTo("Hello you & <me>");
    assertThat(message.entities().findValuesAsText("type")).containsExactly("bold", "code");
    JsonNode call = server.calls("sendMessage").getFirst().parameters();
    assertThat(call.at("/reply_parameters/allow_sending_without_reply").asBoolean()).isTrue();
  }

  @Test
  void the_tail_of_a_conversation_key_is_an_address() {
    assertThat(deliver("-100123:17", "hi", null)).isInstanceOf(Receipt.Sent.class);
    assertThat(deliver("@rookery_news", "hi", null)).isInstanceOf(Receipt.Sent.class);
    assertThat(server.messages())
        .extracting(Message::chat)
        .containsExactly("-100123", "@rookery_news");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1/2/3", "1/", "12345678901234567890", "1 OR 1", "-", "@"})
  void a_bad_address_fails_without_a_call(String address) {
    assertThat(failed(deliver(address, "hi", null)).code()).isEqualTo("bad_address");
    assertThat(server.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n\t"})
  void an_empty_message_is_never_sent(String nothing) {
    List<String> parts = sender.split(nothing);
    assertThat(parts).hasSize(1);
    assertThat(failed(deliver("1", parts.getFirst(), null)).code()).isEqualTo("message_empty");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void refused_markup_is_said_again_in_plain_text_once() {
    server.fault(
        "sendMessage",
        Fault.error(400, "Bad Request: can't parse entities: Unsupported start tag"));
    assertThat(deliver("1", "# Hello\n**you** <b>", null)).isInstanceOf(Receipt.Sent.class);
    assertThat(server.calls("sendMessage")).hasSize(2);
    assertThat(server.messages()).hasSize(1);
    assertThat(server.messages().getFirst().parseMode()).isEmpty();
    assertThat(server.messages().getFirst().text()).isEqualTo("Hello\n\nyou <b>");
  }

  @Test
  void a_rate_limit_says_how_long_to_wait() {
    server.fault("sendMessage", Fault.rateLimited(17));
    assertThat(deliver("1", "hi", null))
        .asInstanceOf(type(Receipt.Retry.class))
        .satisfies(retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(17)));
    assertThat(server.messages()).isEmpty();
  }

  @Test
  void a_group_that_became_a_supergroup_has_a_new_address() {
    server.fault("sendMessage", Fault.migrated(-1001308316775L));
    assertThat(deliver("-552721116/4", "hi", null))
        .isEqualTo(new Receipt.Moved("-1001308316775/4"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403|Forbidden: bot was blocked by the user|bot_blocked
          403|Forbidden: user is deactivated|user_deactivated
          403|Forbidden: bot was kicked from the supergroup chat|bot_kicked
          403|Forbidden: bot can't initiate conversation with a user|chat_not_started
          403|Forbidden: something new|forbidden
          400|Bad Request: chat not found|chat_not_found
          400|Bad Request: message thread not found|thread_not_found
          400|Bad Request: message is too long|message_too_long
          400|Bad Request: something new|refused_400
          401|Unauthorized|token_revoked
          404|Not Found|token_revoked
          """)
  void what_will_never_work_fails_at_once_with_its_cause(
      int status, String description, String code) {
    server.fault("sendMessage", Fault.error(status, description));
    assertThat(deliver("1", "hi", null)).isEqualTo(new Receipt.Failed(code, description));
    assertThat(server.calls("sendMessage")).hasSize(1);
    assertThat(server.messages()).isEmpty();
  }

  @Test
  void a_revoked_token_fails() {
    server.revokeToken();
    assertThat(failed(deliver("1", "hi", null)).code()).isEqualTo("token_revoked");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void an_error_of_the_server_leaves_the_outcome_unknown(int status) {
    server.fault("sendMessage", Fault.errorAfterEffect(status, "Internal Server Error"));
    assertThat(deliver("1", "hi", null)).isInstanceOf(Receipt.Unknown.class);
    server.fault("sendMessage", Fault.before(new Fault.Manner.Answer(status, "<html>oops</html>")));
    assertThat(deliver("1", "hi", null)).isInstanceOf(Receipt.Unknown.class);
    assertThat(server.messages()).hasSize(1);
    assertThat(server.calls("sendMessage")).hasSize(2);
  }

  @Test
  void a_dropped_connection_leaves_the_outcome_unknown_before_and_after_the_effect() {
    for (Fault fault :
        List.of(Fault.dropBefore(), Fault.dropAfter(), Fault.after(new Fault.Manner.Truncate()))) {
      server.fault("sendMessage", fault);
      assertThat(deliver("1", "hi", null)).as("%s", fault).isInstanceOf(Receipt.Unknown.class);
    }
    assertThat(server.calls("sendMessage")).as("nothing is repeated underneath").hasSize(3);
    assertThat(server.messages()).hasSize(2);
  }

  @Test
  void silence_leaves_the_outcome_unknown_before_and_after_the_effect() {
    server.fault("sendMessage", Fault.stallBefore());
    assertThat(deliver("1", "hi", null)).isInstanceOf(Receipt.Unknown.class);
    server.fault("sendMessage", Fault.stallAfter());
    assertThat(deliver("1", "hi", null)).isInstanceOf(Receipt.Unknown.class);
    assertThat(server.calls("sendMessage")).hasSize(2);
    assertThat(server.messages()).hasSize(1);
  }

  @Test
  void a_slow_answer_is_waited_for() {
    server.fault("sendMessage", Fault.before(new Fault.Manner.Slow(Duration.ofMillis(200))));
    assertThat(deliver("1", "hi", null)).isInstanceOf(Receipt.Sent.class);
  }

  @Test
  void half_an_answer_or_garbage_leaves_the_outcome_unknown() {
    for (String body :
        List.of("", "<html>", "{\"ok\":true}", "{\"ok\":true,\"result\":{}}", "[]")) {
      server.fault("sendMessage", Fault.after(new Fault.Manner.Answer(200, body)));
      assertThat(deliver("1", "hi", null)).as(body).isInstanceOf(Receipt.Unknown.class);
    }
  }

  @Test
  void a_gateway_that_refuses_in_its_own_words_fails() {
    server.fault("sendMessage", Fault.before(new Fault.Manner.Answer(403, "<html>no</html>")));
    assertThat(failed(deliver("1", "hi", null)).code()).isEqualTo("http_403");
  }

  @Test
  void a_refused_connection_is_certainly_not_sent() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(sender.deliver(away(port), hi())).isInstanceOf(Receipt.Retry.class);
  }

  @Test
  void a_connection_that_does_not_come_about_is_certainly_not_sent() throws IOException {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 6; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
        waiting.add(channel);
      }
      assertThat(sender.deliver(away(full.getLocalPort()), hi())).isInstanceOf(Receipt.Retry.class);
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  private Integration away(int port) {
    return Bots.integration("http://127.0.0.1:" + port, Map.of("bot_token", server.bot().token()));
  }

  @Test
  void what_the_integration_lacks_is_said() {
    assertThat(failed(sender.deliver(Bots.withSecrets(Map.of()), hi())).code())
        .isEqualTo("token_missing");
    assertThat(failed(sender.deliver(Bots.withSecrets(Map.of("bot_token", "a/../b")), hi())).code())
        .isEqualTo("token_malformed");
    for (String url : List.of("ftp://x", "x", "http://", "http://x?y=", "http://x y")) {
      Integration bad = Bots.integration(url, Map.of("bot_token", server.bot().token()));
      assertThat(failed(sender.deliver(bad, hi())).code()).as(url).isEqualTo("base_url_malformed");
    }
  }

  @Test
  void the_token_is_in_no_answer() {
    String token = server.bot().token();
    String key = token.substring(token.indexOf(':') + 1);
    server.fault("sendMessage", Fault.error(400, "Bad Request: no route /bot" + token + "/x"));
    server.fault("sendMessage", Fault.error(502, "bad gateway for " + key));
    server.fault("sendMessage", Fault.dropAfter());
    server.fault("sendMessage", Fault.before(new Fault.Manner.Answer(302, token)));
    for (int i = 0; i < 4; i++) {
      assertThat(deliver("1", "hi", null).toString()).doesNotContain(key);
    }
    assertThat(sender.deliver(away(1), hi()).toString()).doesNotContain(key);
    assertThat(server.bot().toString()).doesNotContain(key);
    assertThat(bot.toString()).doesNotContain(key);
  }

  @Test
  void a_long_reply_arrives_in_parts_that_all_fit() {
    String reply =
        "# Report\n\n"
            + "Words & <tags> with `code` and **bold**. ".repeat(400)
            + "\n\n```java\n"
            + "int x = 1 < 2;\n".repeat(600)
            + "```\n\n😀"
            + "- item\n".repeat(900);
    for (String part : sender.split(reply)) {
      assertThat(deliver("1", part, null)).isInstanceOf(Receipt.Sent.class);
    }
    assertThat(server.messages()).hasSizeGreaterThan(5);
    assertThat(server.messages()).allSatisfy(m -> assertThat(m.parseMode()).isEqualTo("HTML"));
    assertThat(server.messages()).allSatisfy(m -> assertThat(m.text()).hasSizeLessThan(4097));
  }

  @Test
  void typing_is_shown_in_the_topic_and_failures_of_it_are_quiet() {
    sender.indicate(bot, "-100123/17");
    server.fault("sendChatAction", Fault.error(400, "Bad Request: chat not found"));
    sender.indicate(bot, "5");
    sender.indicate(bot, "nonsense");
    assertThat(server.calls("sendChatAction")).hasSize(2);
    JsonNode call = server.calls("sendChatAction").getFirst().parameters();
    assertThat(call.path("action").asText()).isEqualTo("typing");
    assertThat(call.path("message_thread_id").asInt()).isEqualTo(17);
  }

  @Test
  void telegram_cannot_tell_what_arrived() {
    assertThat(sender.lookUp(bot, hi())).isInstanceOf(Found.CannotTell.class);
  }

  private static Outbound hi() {
    return new Outbound("k", "1", "hi", null, List.of());
  }

  private Receipt deliver(String address, String markdown, @Nullable String replyTo) {
    return sender.deliver(bot, new Outbound("k", address, markdown, replyTo, List.of()));
  }

  private static Receipt.Failed failed(Receipt receipt) {
    assertThat(receipt).isInstanceOf(Receipt.Failed.class);
    return (Receipt.Failed) receipt;
  }
}
