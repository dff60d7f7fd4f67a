package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.Agent;
import dev.rookery.delivery.Deliveries;
import dev.rookery.delivery.Delivery;
import dev.rookery.demo.Fault;
import dev.rookery.demo.LocalBotApi;
import dev.rookery.integrations.Integration;
import dev.rookery.runs.Run;
import dev.rookery.runs.RunState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replies that are too long for one message, through a channel that is not always well. */
final class LongReplyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void a_reply_of_100_kb_arrives_in_parts_in_order_across_errors_and_a_restart() {
    String text =
        IntStream.range(0, 10_000).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    assertThat(text.length()).isBetween(80_000, 110_000);
    try (TestNode node = TestNode.scripted(Colony.ECHO)) {
      Agent rook = node.agent("rook");
      Integration bot = node.bot(rook);
      node.botApi().fault("sendMessage", Fault.rateLimited(1));

      node.deliver(bot, node.updates().privateText(text));
      node.botApi().awaitMessages(2, PATIENCE);
      node.restart();
      node.await(
          r ->
              r.entry().kind().equals("delivery.sent")
                  && parts(node).stream().noneMatch(LongReplyIT::open));

      Run run = node.onlyRun();
      assertThat(run.status().state()).isEqualTo(RunState.DONE);
      List<Delivery> parts = parts(node);
      assertThat(parts).hasSizeGreaterThan(20);
      assertThat(parts).extracting(p -> p.progress().state()).containsOnly(Delivery.State.SENT);
      String arrived =
          node.botApi().messages().stream()
              .map(LocalBotApi.Message::text)
              .collect(Collectors.joining(" "));
      assertThat(words(arrived)).isEqualTo(words("You said: " + text));
    }
  }

  private static List<Delivery> parts(TestNode node) {
    return node.house()
        .deliveries
        .list(node.org(), new Deliveries.Query(null, node.onlyRun().id(), null, null, 500));
  }

  private static boolean open(Delivery part) {
    Delivery.State state = part.progress().state();
    return state == Delivery.State.PENDING || state == Delivery.State.SENDING;
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }
}
