package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.models.SseReader.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SseReaderTest {
  private static List<Event> read(String text, int... cuts) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    SseReader reader = new SseReader();
    List<Event> events = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      events.addAll(reader.feed(Arrays.copyOfRange(bytes, from, cut)));
      from = cut;
    }
    events.addAll(reader.feed(Arrays.copyOfRange(bytes, from, bytes.length)));
    events.addAll(reader.end());
    return events;
  }

  @Test
  void names_data_comments_and_other_fields_are_told_apart() {
    assertThat(read(": hello\nevent: a\nid: 7\nretry: 3\ndata: one\ndata: two\n\ndata:three\n\n"))
        .containsExactly(new Event("a", "one\ntwo"), new Event("message", "three"));
  }

  @Test
  void all_line_ends_and_a_byte_order_mark_are_understood() {
    for (String end : List.of("\n", "\r\n", "\r")) {
      String text = "\uFEFFevent: a" + end + "data: x" + end + end + "data: y" + end + end;
      assertThat(read(text)).containsExactly(new Event("a", "x"), new Event("message", "y"));
    }
  }

  @Test
  void an_event_without_data_is_none_and_the_last_one_needs_no_empty_line() {
    assertThat(read("event: ping\n\nevent: a\ndata: x")).containsExactly(new Event("a", "x"));
  }

  @Test
  void any_cut_of_the_bytes_gives_the_same_events() {
    String text = "event: ä\r\ndata: {\"t\":\"😀é\"}\r\n\r\n: c\r\ndata: 2\r\n\r\ndata: end";
    List<Event> whole = read(text);
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      int[] cuts = random.ints(1 + random.nextInt(6), 0, length).sorted().toArray();
      assertThat(read(text, cuts)).isEqualTo(whole);
    }
  }
}
