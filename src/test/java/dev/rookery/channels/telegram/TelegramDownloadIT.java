package dev.rookery.channels.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.rookery.demo.Fault;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.inbox.Inbound.Attachment;
import dev.rookery.inbox.Receiver.Download;
import dev.rookery.integrations.Integration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files that come along, fetched from the local Bot API. */
class TelegramDownloadIT {
  private static final int LIMIT = 100_000;

  private final LocalBotApi server = LocalBotApi.start();
  private final BotApi api = Bots.api();
  private final TelegramReceiver receiver = new TelegramReceiver(api, Bots.CLOCK);
  private final Integration bot = Bots.at(server);

  TelegramDownloadIT() {
    bot.config().put("download_limit", LIMIT);
  }

  @AfterEach
  void close() {
    server.close();
    api.close();
  }

  @Test
  void a_file_comes_whole_up_to_the_limit() {
    for (int size : new int[] {0, 1, LIMIT}) {
      byte[] bytes = new byte[size];
      Arrays.fill(bytes, (byte) 0x81);
      server.addFile("f" + size, bytes);
      assertThat(download("f" + size))
          .asInstanceOf(type(Download.Bytes.class))
          .satisfies(
              file -> {
                assertThat(file.bytes()).isEqualTo(bytes);
                assertThat(file.name()).isEqualTo("a.txt");
                assertThat(file.mediaType()).isEqualTo("text/plain");
              });
    }
  }

  @Test
  void a_file_that_is_or_says_it_is_too_large_is_not_kept() {
    Attachment announced = new Attachment("f", "a.txt", "text/plain", LIMIT + 1);
    assertThat(receiver.download(bot, announced)).isEqualTo(new Download.TooLarge(LIMIT));
    assertThat(server.calls()).isEmpty();
    server.addFile("f", new byte[LIMIT + 1]);
    assertThat(download("f")).isEqualTo(new Download.TooLarge(LIMIT));
    server.fault("getFile", Fault.error(400, "Bad Request: file is too big"));
    assertThat(download("f")).isEqualTo(new Download.TooLarge(LIMIT));
  }

  @Test
  void the_bytes_that_really_come_are_counted() {
    server.addFile("f", new byte[LIMIT + 1]);
    server.fault(
        "getFile",
        Fault.before(
            new Fault.Manner.Answer(
                200,
                "{\"ok\":true,\"result\":{\"file_id\":\"f\",\"file_size\":5,\"file_path\":\"documents/f\"}}")));
    assertThat(download("f")).isEqualTo(new Download.TooLarge(LIMIT));
    assertThat(server.calls("file")).hasSize(1);
  }

  @Test
  void what_is_not_there_is_gone_and_trouble_is_tried_again() {
    assertThat(download("unknown")).isInstanceOf(Download.Gone.class);
    server.addFile("f", new byte[9]);
    server.fault("getFile", Fault.rateLimited(3));
    assertThat(download("f")).isInstanceOf(Download.Retry.class);
    for (Fault fault :
        List.of(Fault.after(new Fault.Manner.Truncate()), Fault.error(503, "busy"))) {
      server.fault("file", fault);
      assertThat(download("f")).as("%s", fault).isInstanceOf(Download.Retry.class);
    }
    server.fault("file", Fault.error(404, "Not Found"));
    assertThat(download("f")).isInstanceOf(Download.Gone.class);
    assertThat(download("f")).isInstanceOf(Download.Bytes.class);
  }

  @Test
  void a_file_path_cannot_lead_elsewhere() {
    for (String path : List.of("../../bot/getMe", "a?b", "http://x", "", "a%2fb")) {
      server.fault(
          "getFile",
          Fault.before(
              new Fault.Manner.Answer(
                  200, "{\"ok\":true,\"result\":{\"file_path\":\"" + path + "\"}}")));
      assertThat(download("f").toString()).as(path).contains("cannot be a path");
    }
    assertThat(server.calls("file")).isEmpty();
  }

  private Download download(String id) {
    return receiver.download(bot, new Attachment(id, "a.txt", "text/plain", -1));
  }
}
