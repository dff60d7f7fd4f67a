package dev.rookery.inbox;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The inbound halves of the channels this build has, by type. */
public final class Receivers {
  private final Map<String, Receiver> byChannel = new HashMap<>();

  public Receivers(Collection<? extends Receiver> receivers) {
    receivers.forEach(r -> byChannel.put(r.channel(), r));
  }

  public Optional<Receiver> of(String channel) {
    return Optional.ofNullable(byChannel.get(channel));
  }
}
