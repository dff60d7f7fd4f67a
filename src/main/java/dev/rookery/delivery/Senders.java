package dev.rookery.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The outbound halves of the channels this build has, by type. */
public final class Senders {
  private final Map<String, Sender> byChannel = new HashMap<>();

  public Senders(Collection<? extends Sender> senders) {
    senders.forEach(s -> byChannel.put(s.channel(), s));
  }

  public Sender of(String channel) {
    Sender sender = byChannel.get(channel);
    if (sender == null) {
      throw new IllegalStateException("this build has no channel " + channel);
    }
    return sender;
  }
}
