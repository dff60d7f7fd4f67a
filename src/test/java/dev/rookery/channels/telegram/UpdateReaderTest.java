package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.SampleUpdates;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Inbound.Actor.Kind;
import dev.rookery.inbox.Inbound.Attachment;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What updates mean. */
class UpdateReaderTest {
  private static final String BOT = "@" + Bots.ROOK.username();

  private final Integration bot = Bots.withSecrets(Map.of());
  private final UpdateReader reader = new UpdateReader(Bots.CLOCK);
  private final SampleUpdates updates = new SampleUpdates(Bots.ROOK, Bots.CLOCK, 100);

  @Test
  void a_private_message_is_addressed_and_complete() {
    Inbound inbound = accepted(updates.privateText("hello"));
    assertThat(inbound.origin().source()).isEqualTo("telegram:" + bot.id());
    assertThat(inbound.type()).isEqualTo("message");
    assertThat(inbound.dedupeKey()).isEqualTo("100");
    assertThat(inbound.place())
        .isEqualTo(
            new Inbound.Place("telegram:" + bot.id() + ":7001", "7001", "7001", "Ada Byron", true));
    assertThat(inbound.actor()).isEqualTo(new Inbound.Actor(Kind.PERSON, "7001", "Ada Byron", 0));
    assertThat(inbound.occurredAt()).isEqualTo(Bots.NOW);
    assertThat(inbound.content().text()).isEqualTo("hello");
    assertThat(inbound.content().addressed()).isTrue();
    assertThat(inbound.payload().path("message").path("text").asText()).isEqualTo("hello");
  }

  @Test
  void in_a_group_only_a_mention_or_a_reply_addresses_us() {
    assertThat(accepted(updates.groupText("hello all")).content().addressed()).isFalse();
    assertThat(accepted(updates.groupMention("hello")).content().addressed()).isTrue();
    assertThat(accepted(updates.replyToBot(7, "and?")).content().addressed()).isTrue();
    ObjectNode other = updates.groupText("@someone_bot hi");
    SampleUpdates.entity(other, "mention", 0, 12);
    assertThat(accepted(other).content().addressed()).isFalse();
    assertThat(accepted(updates.groupText(BOT + " without entity")).content().addressed())
        .as("what Telegram did not mark is no mention, such as in code")
        .isFalse();
  }

  @Test
  void entity_offsets_count_utf_16_units() {
    String before = "👩‍👩‍👧 é😀 ";
    ObjectNode update = updates.groupText(before + BOT.toUpperCase(java.util.Locale.ROOT) + " hi");
    SampleUpdates.entity(update, "mention", before.length(), BOT.length());
    assertThat(accepted(update).content().addressed()).isTrue();
    ObjectNode wrong = updates.groupText(before + BOT);
    SampleUpdates.entity(wrong, "mention", before.codePointCount(0, before.length()), BOT.length());
    assertThat(accepted(wrong).content().addressed()).isFalse();
  }

  @Test
  void nonsense_offsets_are_ignored() {
    for (int[] span : new int[][] {{-1, 5}, {0, 99}, {99, 1}, {5, Integer.MAX_VALUE}, {0, -4}}) {
      ObjectNode update = updates.groupText("hello");
      SampleUpdates.entity(update, "mention", span[0], span[1]);
      SampleUpdates.entity(update, "bot_command", span[0], span[1]);
      assertThat(accepted(update).content().addressed()).isFalse();
    }
  }

  @Test
  void a_text_mention_by_id_addresses_us() {
    ObjectNode update = updates.groupText("Rook, hello");
    SampleUpdates.entity(update, "text_mention", 0, 4);
    ((ObjectNode) update.at("/message/entities/0")).putObject("user").put("id", Bots.ROOK.id());
    assertThat(accepted(update).content().addressed()).isTrue();
  }

  @Test
  void in_a_topic_the_opening_service_message_is_no_reply() {
    ObjectNode update = updates.replyToBot(7, "hello");
    update.withObject("/message/reply_to_message/forum_topic_created").put("name", "Topic");
    assertThat(accepted(update).content().addressed()).isFalse();
  }

  @Test
  void a_topic_is_a_conversation_of_its_own() {
    Inbound inbound = accepted(updates.threadMention(17, "hello"));
    assertThat(inbound.place().conversationKey())
        .isEqualTo("telegram:" + bot.id() + ":" + SampleUpdates.GROUP + ":17");
    assertThat(inbound.place().resource()).isEqualTo(Long.toString(SampleUpdates.GROUP));
    ObjectNode chain = updates.groupText("a chain of replies is not");
    chain.withObject("/message").put("message_thread_id", 17);
    assertThat(accepted(chain).place().conversationKey()).endsWith(":" + SampleUpdates.GROUP);
  }

  @Test
  void commands_are_recognised_at_the_start_only() {
    Inbound clear = accepted(updates.command("/Clear now"));
    assertThat(clear.type()).isEqualTo("command");
    assertThat(clear.content().command()).isEqualTo("clear");
    assertThat(clear.content().text()).isEqualTo("/Clear now");
    ObjectNode later = updates.privateText("please /stop");
    SampleUpdates.entity(later, "bot_command", 7, 5);
    assertThat(accepted(later).content().command()).isNull();
    assertThat(accepted(updates.privateText("/stop without entity")).content().command()).isNull();
  }

  @Test
  void unknown_commands_are_words_for_the_agent() {
    Inbound report = accepted(updates.command("/report"));
    assertThat(report.type()).isEqualTo("message");
    assertThat(report.content().command()).isEqualTo("report");
    assertThat(accepted(updates.groupCommand("/report")).content().addressed()).isFalse();
  }

  @Test
  void a_command_with_a_bot_name_is_only_for_that_bot() {
    Inbound ours = accepted(updates.groupCommand("/stop" + BOT));
    assertThat(ours.content().command()).isEqualTo("stop");
    assertThat(ours.content().addressed()).isTrue();
    assertThat(accepted(updates.groupCommand("/ask" + BOT + " why")).content().addressed())
        .isTrue();
    skipped(updates.groupCommand("/stop@other_bot"), "command_for_other_bot");
  }

  @Test
  void an_edit_keeps_the_conversation_and_obeys_no_command() {
    ObjectNode original = updates.command("/clear");
    Inbound edited = accepted(updates.edited(original, "/stop"));
    assertThat(edited.type()).isEqualTo("message_edited");
    assertThat(edited.content().command()).isNull();
    assertThat(edited.content().text()).isEqualTo("/stop");
    assertThat(edited.place()).isEqualTo(accepted(original).place());
    assertThat(edited.dedupeKey()).isNotEqualTo(accepted(original).dedupeKey());
  }

  @Test
  void who_speaks_is_told_apart() {
    ObjectNode self = updates.groupText("I said");
    self.withObject("/message/from").put("id", Bots.ROOK.id()).put("is_bot", true);
    assertThat(accepted(self).actor().kind()).isEqualTo(Kind.SELF);
    ObjectNode other = updates.groupText("beep");
    other.withObject("/message/from").put("is_bot", true);
    assertThat(accepted(other).actor().kind()).isEqualTo(Kind.BOT);
    ObjectNode anonymous = updates.groupText("an admin");
    anonymous.withObject("/message/from").put("id", 1087968824).put("is_bot", true);
    anonymous.withObject("/message/sender_chat").put("id", -5).put("title", "Engine room");
    assertThat(accepted(anonymous).actor())
        .isEqualTo(new Inbound.Actor(Kind.PERSON, "-5", "Engine room", 0));
    anonymous.withObject("/message").put("is_automatic_forward", true);
    assertThat(accepted(anonymous).actor().kind()).isEqualTo(Kind.SYSTEM);
  }

  @Test
  void a_channel_post_speaks_for_the_channel() {
    JsonNode update =
        Json.parse(
            """
            {"update_id":1,"channel_post":{"message_id":2,"date":1763600000,"text":"news",
             "chat":{"id":-100,"title":"News","type":"channel"}}}
            """);
    Inbound post = accepted(update);
    assertThat(post.actor()).isEqualTo(new Inbound.Actor(Kind.PERSON, "-100", "News", 0));
    assertThat(post.type()).isEqualTo("message");
    assertThat(post.content().addressed()).isFalse();
  }

  @Test
  void a_photo_comes_as_its_largest_size_with_the_caption_as_text() {
    Inbound inbound = accepted(updates.photo("look"));
    assertThat(inbound.content().text()).isEqualTo("look");
    assertThat(inbound.content().attachments())
        .containsExactly(new Attachment("photo-large", "photo_100.jpg", "image/jpeg", 88000));
  }

  @Test
  void names_of_files_are_harmless() {
    assertThat(name("../../etc/passwd")).isEqualTo("passwd");
    assertThat(name("C:\\temp\\x.exe")).isEqualTo("x.exe");
    assertThat(name("..")).isEqualTo("document_1.bin");
    assertThat(name("a\u202Egpj.exe\u0000\n")).isEqualTo("agpj.exe");
    assertThat(name("é".repeat(500) + ".pdf")).hasSize(120).endsWith(".pdf");
    assertThat(name(".bashrc")).isEqualTo("bashrc");
    assertThat(name("\uD83D.txt")).isEqualTo("\uFFFD.txt");
  }

  @Test
  void a_date_that_cannot_be_falls_back_to_now() {
    for (String date : new String[] {"0", "-5", "99999999999", "\"x\"", "1e30", "4102444800"}) {
      ObjectNode update = updates.privateText("hi");
      update.withObject("/message").set("date", Json.parse(date));
      assertThat(accepted(update).occurredAt()).as(date).isEqualTo(Bots.NOW);
    }
    ObjectNode real = updates.privateText("hi");
    real.withObject("/message").put("date", 1_600_000_000);
    assertThat(accepted(real).occurredAt()).isEqualTo(Instant.ofEpochSecond(1_600_000_000));
  }

  @Test
  void kinds_without_words_are_skipped_by_name() {
    skipped(updates.buttonPress("yes"), "button_without_message");
    skipped(Json.parse("{\"update_id\":1}"), "unknown_update");
    skipped(Json.parse("{\"update_id\":1,\"Bad Name!\":{}}"), "unknown_update");
    skipped(Json.parse("{\"update_id\":1,\"message\":null}"), "incomplete_message");
    skipped(Json.parse("{\"update_id\":1,\"message\":[]}"), "incomplete_message");
    skipped(
        Json.parse("{\"update_id\":1,\"message\":{\"chat\":{\"id\":\"x\"}}}"),
        "incomplete_message");
    skipped(
        Json.parse("{\"update_id\":1,\"message\":{\"chat\":{\"id\":3},\"text\":\" \"}}"),
        "empty_message");
  }

  @Test
  void hostile_text_arrives_storable() {
    String text = "a\uD83D b\uDE00 c\u0000 \u202Eיום\u200B 😀" + "x".repeat(100_000);
    ObjectNode update = updates.privateText(text);
    update.withObject("/message/from").put("first_name", "\uD83DAda\u0000");
    Inbound inbound = accepted(update);
    assertThat(inbound.content().text())
        .startsWith("a\uFFFD b\uFFFD c\uFFFD \u202Eיום\u200B 😀x")
        .hasSameSizeAs(text);
    assertThat(inbound.payload().toString()).doesNotContain("\\u0000").doesNotContain("\uD83D ");
    assertThat(inbound.actor().name()).isEqualTo("\uFFFDAda\uFFFD Byron");
  }

  private String name(String given) {
    return Attachments.harmless(given, "document_1.bin");
  }

  private Inbound accepted(JsonNode update) {
    Reception reception = reader.read(bot, update);
    assertThat(reception).isInstanceOf(Reception.Accepted.class);
    return ((Reception.Accepted) reception).inbound().getFirst();
  }

  private void skipped(JsonNode update, String code) {
    assertThat(reader.read(bot, update))
        .asInstanceOf(type(Reception.Skipped.class))
        .satisfies(skipped -> assertThat(skipped.code()).isEqualTo(code));
  }
}
