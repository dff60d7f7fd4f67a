package dev.rookery.channels.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what is readable at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TelegramReceiverTest {
  private static final String HEADER = "x-telegram-bot-api-secret-token";
  private static final byte[] UPDATE =
      """
      {"update_id":5,"message":{"message_id":1,"date":1763600000,"text":"hi",
       "from":{"id":9,"is_bot":false,"first_name":"Ada"},"chat":{"id":9,"type":"private"}}}
      """
          .getBytes(UTF_8);

  private final BotApi api = Bots.api();
  private final TelegramReceiver receiver = new TelegramReceiver(api, Bots.CLOCK);
  private final Integration bot = Bots.withSecrets(Map.of("webhook_secret", Bots.SECRET));

  @AfterAll
  void close() {
    api.close();
  }

  @Test
  void the_right_secret_lets_an_update_in() {
    assertThat(receiver.receive(bot, UPDATE, headers(Bots.SECRET)))
        .isInstanceOf(Reception.Accepted.class);
  }

  @Test
  void both_secrets_of_a_rotation_let_updates_in() {
    Integration rotating =
        Bots.withSecrets(Map.of("webhook_secret", "old", "webhook_secret_next", "new"));
    assertThat(receiver.receive(rotating, UPDATE, headers("old")))
        .isInstanceOf(Reception.Accepted.class);
    assertThat(receiver.receive(rotating, UPDATE, headers("new")))
        .isInstanceOf(Reception.Accepted.class);
    refused(receiver.receive(rotating, UPDATE, headers("older")), 401, "secret_wrong");
  }

  @Test
  void without_a_configured_secret_the_endpoint_is_off() {
    Integration open = Bots.withSecrets(Map.of());
    refused(receiver.receive(open, UPDATE, Map.of()), 503, "secret_not_configured");
    refused(receiver.receive(open, UPDATE, headers("x")), 503, "secret_not_configured");
    Integration blank = Bots.withSecrets(Map.of("webhook_secret", ""));
    refused(receiver.receive(blank, UPDATE, headers("")), 503, "secret_not_configured");
  }

  @Test
  void a_secret_sealed_for_another_row_turns_the_endpoint_off() {
    Integration moved =
        new Integration(
            bot.org(),
            bot.id(),
            "telegram",
            "Rook",
            bot.config(),
            Map.of("webhook_secret", "plain:elsewhere|" + Bots.SECRET),
            List.of(),
            true);
    refused(receiver.receive(moved, UPDATE, headers(Bots.SECRET)), 503, "secret_unreadable");
  }

  @Test
  void every_wrong_secret_is_refused_with_its_own_code() {
    refused(receiver.receive(bot, UPDATE, Map.of()), 401, "secret_missing");
    refused(receiver.receive(bot, UPDATE, Map.of(HEADER, List.of())), 401, "secret_missing");
    refused(receiver.receive(bot, UPDATE, headers("")), 401, "secret_empty");
    refused(
        receiver.receive(bot, UPDATE, Map.of(HEADER, List.of(Bots.SECRET, Bots.SECRET))),
        401,
        "secret_duplicated");
    refused(receiver.receive(bot, UPDATE, headers("wrong")), 401, "secret_wrong");
    refused(receiver.receive(bot, UPDATE, headers("RIGHT_SECRET-1")), 401, "secret_wrong");
    refused(receiver.receive(bot, UPDATE, headers("right_Secret-")), 401, "secret_wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"right Secret-1", " right_Secret-1", "right_Secret-1,x", "schlüssel", "\u0000"})
  void a_secret_with_other_characters_is_malformed(String secret) {
    refused(receiver.receive(bot, UPDATE, headers(secret)), 401, "secret_malformed");
  }

  @Test
  void an_overlong_secret_is_malformed() {
    refused(receiver.receive(bot, UPDATE, headers("a".repeat(257))), 401, "secret_malformed");
    refused(receiver.receive(bot, UPDATE, headers("a".repeat(256))), 401, "secret_wrong");
  }

  @Test
  void the_secret_is_checked_before_the_body_is_read() {
    refused(receiver.receive(bot, new byte[0], headers("wrong")), 401, "secret_wrong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "not json",
        "{\"update_id\":1,\"update_id\":2}",
        "{\"update_id\":1,\"message\":{\"text\":\"a\",\"text\":\"b\"}}",
        "{\"update_id\":1} {}",
        "{\"update_id\":1,}",
        "{'update_id':1}",
        "{\"update_id\":NaN}"
      })
  void malformed_json_is_refused(String body) {
    refused(
        receiver.receive(bot, body.getBytes(UTF_8), headers(Bots.SECRET)), 400, "malformed_json");
  }

  @Test
  void bytes_that_are_no_text_are_refused() {
    byte[][] bodies = {
      {(byte) 0xff, (byte) 0xfe, 0x22}, {0, 0, 0x11, 0x22}, {'"', (byte) 0xed, (byte) 0xa0, '"'}
    };
    for (byte[] body : bodies) {
      refused(receiver.receive(bot, body, headers(Bots.SECRET)), 400, "malformed_json");
    }
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);
    refused(receiver.receive(bot, deep, headers(Bots.SECRET)), 400, "malformed_json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "5",
        "null",
        "{}",
        "{\"message\":{}}",
        "{\"update_id\":\"1\"}",
        "{\"update_id\":1.5}",
        "{\"update_id\":null}",
        "{\"update_id\":123456789012345678901234567890}"
      })
  void an_update_without_a_number_is_refused(String body) {
    refused(
        receiver.receive(bot, body.getBytes(UTF_8), headers(Bots.SECRET)),
        400,
        "update_id_missing");
  }

  @Test
  void no_answer_repeats_a_secret() {
    List<Reception> answers =
        List.of(
            receiver.receive(bot, UPDATE, headers("wrong-guess")),
            receiver.receive(bot, UPDATE, Map.of()),
            receiver.receive(bot, "{".getBytes(UTF_8), headers(Bots.SECRET)));
    assertThat(answers.toString()).doesNotContain(Bots.SECRET).doesNotContain("wrong-guess");
  }

  @Test
  void a_fetched_update_needs_no_secret() {
    JsonNode update = Json.parse(UPDATE);
    assertThat(receiver.receiveTrusted(bot, update)).isInstanceOf(Reception.Accepted.class);
  }

  private static Map<String, List<String>> headers(String secret) {
    return Map.of(HEADER, List.of(secret));
  }

  private static void refused(Reception reception, int status, String code) {
    assertThat(reception)
        .asInstanceOf(type(Reception.Rejected.class))
        .satisfies(
            rejected -> {
              assertThat(rejected.code()).isEqualTo(code);
              assertThat(rejected.status()).isEqualTo(status);
            });
  }
}
