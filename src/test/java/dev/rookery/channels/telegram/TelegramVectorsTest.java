package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.inbox.Inbound;
import dev.rookery.inbox.Receiver.Reception;
import dev.rookery.integrations.Integration;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Updates recorded by others (shared vectors, 03-telegram), each read as what it is. */
class TelegramVectorsTest {
  private static final Path UPDATES =
      Path.of(System.getProperty("rookery.shared", "../shared"), "vectors/03-telegram/updates");

  /** By the start of the file name: the code it is skipped with, or the text it has. */
  private static final Map<String, String> EXPECTED =
      Map.ofEntries(
          Map.entry("callback_query.", "choice "),
          Map.entry("edited_message.text.", "message_edited Hello, modified"),
          Map.entry("message.1.", "skipped incomplete_message"),
          Map.entry("message.2.", "skipped story"),
          Map.entry("message.contact.", "message [contact] FirstName LASNAME, 618490765"),
          Map.entry("message.dice.", "message [dice 🎲] 2"),
          Map.entry("message.document.", "message  + aaa.txt text/plain 2"),
          Map.entry("message.left_chat_member.", "skipped left_chat_member"),
          Map.entry("message.location.", "message [location] 0.004822, -0.004822"),
          Map.entry("message.migrate_to_chat_id.", "skipped chat_migrated"),
          Map.entry("message.new_chat_members.", "skipped new_chat_members"),
          Map.entry("message.photo.1.", "message  + photo_103.jpg image/jpeg 114661"),
          Map.entry("message.photo.2.", "message  + photo_3.jpg image/jpeg 93424"),
          Map.entry("message.pinned_message.", "skipped pinned_message"),
          Map.entry("message.poll.", "message [poll] My test poll\n- No option\n- Yes option"),
          Map.entry(
              "message.sticker.",
              "message [sticker] 🤬 + sticker_2.tgs application/x-tgsticker 13187"),
          Map.entry("message.successful_payment.", "skipped successful_payment"),
          Map.entry("message.text.1.", "message hello there"),
          Map.entry("message.text.2.", "message /report"),
          Map.entry("message.voice.", "message  + voice_104.ogg audio/ogg 8386"),
          Map.entry("message_reaction.", "skipped message_reaction"),
          Map.entry("message_reaction_count.", "skipped message_reaction_count"));

  @Test
  void every_recorded_update_is_read_as_what_it_is() throws IOException {
    assumeTrue(Files.isDirectory(UPDATES), "the shared vectors are not here");
    Integration bot = Bots.withSecrets(Map.of());
    UpdateReader reader = new UpdateReader(Bots.CLOCK);
    Map<String, String> read = new TreeMap<>();
    Map<String, String> expected = new TreeMap<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      JsonNode update = Json.parse(Files.readAllBytes(file));
      read.put(name, describe(reader.read(bot, update)));
      expected.put(name, expectation(name));
    }
    assertThat(read).isNotEmpty().isEqualTo(expected);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(UPDATES)) {
      return files.sorted().toList();
    }
  }

  private static String expectation(String name) {
    return EXPECTED.entrySet().stream()
        .filter(entry -> name.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("a new kind of vector");
  }

  private static String describe(Reception reception) {
    return switch (reception) {
      case Reception.Skipped skipped -> "skipped " + skipped.code();
      case Reception.Rejected rejected -> "rejected " + rejected.code();
      case Reception.Accepted(List<Inbound> inbound) -> {
        Inbound.Content content = inbound.getFirst().content();
        StringBuilder text =
            new StringBuilder(inbound.getFirst().type()).append(' ').append(content.text());
        content
            .attachments()
            .forEach(
                file ->
                    text.append(" + ")
                        .append(file.name())
                        .append(' ')
                        .append(file.mediaType())
                        .append(' ')
                        .append(file.size()));
        yield text.toString();
      }
    };
  }
}
