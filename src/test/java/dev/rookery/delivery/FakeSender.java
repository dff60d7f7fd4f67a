package dev.rookery.delivery;

import dev.rookery.integrations.Integration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A channel that does what the test says, and remembers what it was asked to send, in order. */
final class FakeSender implements Sender {
  private final List<Outbound> attempts = new ArrayList<>();
  private final Map<String, Integer> inFlight = new HashMap<>();
  private int most;
  volatile Function<Outbound, Receipt> answer = m -> new Receipt.Sent("r-" + m.idempotencyKey());
  volatile Found found = new Found.CannotTell();

  @Override
  public String channel() {
    return "fake";
  }

  @Override
  public List<String> split(String markdown) {
    return List.of(markdown.split("\\|", -1));
  }

  @Override
  public Receipt deliver(Integration integration, Outbound message) {
    begin(message);
    try {
      return answer.apply(message);
    } finally {
      end(message);
    }
  }

  private synchronized void begin(Outbound message) {
    attempts.add(message);
    most = Math.max(most, inFlight.merge(message.address(), 1, Integer::sum));
  }

  private synchronized void end(Outbound message) {
    inFlight.merge(message.address(), -1, Integer::sum);
  }

  @Override
  public Found lookUp(Integration integration, Outbound message) {
    return found;
  }

  synchronized int attempts() {
    return attempts.size();
  }

  /** What was tried at an address, in order. */
  synchronized List<String> at(String address) {
    return attempts.stream()
        .filter(m -> m.address().equals(address))
        .map(Outbound::markdown)
        .toList();
  }

  /** Most messages of one address that were under way at the same time. */
  synchronized int most() {
    return most;
  }
}
