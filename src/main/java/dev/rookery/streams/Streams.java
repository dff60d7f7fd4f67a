package dev.rookery.streams;

import dev.rookery.agents.Agents;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.ops.Loop;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Principal;
import dev.rookery.orgs.Role;
import dev.rookery.runs.Runs;
import dev.rookery.runs.TokenDelta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Live streams of the journal, resumable at any record (spec 02, "Streaming and the gateway"). Each
 * organization with readers on this node has one thread that reads what is new once and renders it
 * once, for all of them.
 */
public final class Streams implements AutoCloseable {
  /** What a stream needs; its key is looked at again while it is open. */
  private static final Role NEEDED = Role.VIEWER;

  private static final Duration WATCH = Duration.ofMillis(500);

  private final Rooms rooms;
  private final Fan.Size size;
  private final Pages pages;
  private final ConcurrentHashMap<OrgId, Fan> fans = new ConcurrentHashMap<>();
  private final Loop watch;
  private volatile boolean closed;

  /** What it reads, and whom it asks. */
  public record Rooms(Journal journal, ApiKeys keys, Runs runs, Agents agents) {}

  public Streams(Rooms rooms) {
    this(rooms, Fan.Size.USUAL);
  }

  Streams(Rooms rooms, Fan.Size size) {
    this.rooms = rooms;
    this.size = size;
    this.pages = new Pages(rooms.journal());
    this.watch = Loop.start("stream-keys", WATCH, this::watchKeys);
    rooms.runs().onToken(this::say);
  }

  /** The background loop, for health. */
  public List<Loop> loops() {
    return List.of(watch);
  }

  /**
   * Opens a stream. Close it after use.
   *
   * @param after number of the last record that the client has; negative for none but new ones
   * @throws Refusal {@code cursor-from-the-future}, naming the newest record; {@code run-not-found}
   *     or {@code agent-not-found} for a scope that is not there; {@code role-too-low}
   */
  public Subscription open(Principal who, Scope scope, long after) {
    who.require(NEEDED);
    requireThere(who.org(), scope);
    Fan known = fans.get(who.org());
    long head =
        known == null || after < 0 || after > known.head()
            ? rooms.journal().head(who.org())
            : known.head();
    if (after > head) {
      throw Refusal.badInput(
          "cursor-from-the-future",
          "The stream cannot begin after record %d: the newest one is %d. Begin there, or leave the"
              + " cursor out.",
          after,
          head);
    }
    Reader reader = new Reader(who, scope, after < 0 ? head : after, pages, this::leave);
    join(reader, head);
    if (closed) {
      reader.close();
      throw stopping();
    }
    return reader;
  }

  /** Where the stream of a run begins, so that nothing of the run is left out. */
  public long before(OrgId org, Scope.OfRun scope) {
    String run = scope.run().value();
    return rooms.journal().about(org, run, 1).stream()
        .mapToLong(record -> record.seq() - 1)
        .findFirst()
        .orElse(0);
  }

  /** Streams that are open on this node. */
  public int count() {
    return fans.values().stream().mapToInt(fan -> fan.readers().size()).sum();
  }

  private void requireThere(OrgId org, Scope scope) {
    switch (scope) {
      case Scope.OfRun(var run) -> rooms.runs().find(org, run);
      case Scope.OfAgent(var agent) -> rooms.agents().require(org, agent.value());
      case Scope.Everything(), Scope.OfConversation(_) -> {}
    }
  }

  private void join(Reader reader, long head) {
    Fan fan;
    do {
      if (closed) {
        throw stopping();
      }
      fan = fans.computeIfAbsent(reader.who().org(), org -> fan(org, reader.seen(), head));
      reader.in(fan);
    } while (!joined(fan, reader));
  }

  private boolean joined(Fan fan, Reader reader) {
    boolean joined = fan.join(reader);
    if (!joined) {
      fans.remove(reader.who().org(), fan);
    }
    return joined;
  }

  /** Its ring begins where its first reader does, as others tend to come back at the same time. */
  private Fan fan(OrgId org, long after, long head) {
    long base = Math.max(after, head - size.items() / 2);
    Fan fan = new Fan(org, rooms.journal(), new Ring(size.items(), size.bytes(), base), this::look);
    fan.start();
    return fan;
  }

  private void leave(Reader reader) {
    Fan fan = reader.fan();
    if (fan != null && fan.leave(reader)) {
      fans.remove(reader.who().org(), fan);
      if (fans.isEmpty()) {
        pages.clear();
      }
    }
  }

  void say(TokenDelta delta) {
    Fan fan = fans.get(delta.org());
    if (fan != null) {
      fan.say(delta);
    }
  }

  private void look() {
    watch.wake();
  }

  /** Keys of other nodes' and of this node's making: revoked, expired, or made less of. */
  private boolean watchKeys() {
    Map<KeyId, List<Reader>> open =
        fans.values().stream()
            .flatMap(fan -> fan.readers().stream())
            .collect(Collectors.groupingBy(reader -> reader.who().key()));
    if (!open.isEmpty()) {
      Map<KeyId, Refusal> refused = rooms.keys().refused(open.keySet(), NEEDED);
      refused.forEach((key, why) -> open.getOrDefault(key, List.of()).forEach(r -> r.end(why)));
    }
    return false;
  }

  private static Refusal stopping() {
    return new Refusal(
        Refusal.Kind.UNAVAILABLE,
        "stopping",
        "The server is stopping; connect again with the number of the last record.");
  }

  /** Ends all streams at once; their readers are told. */
  @Override
  public void close() {
    closed = true;
    fans.values().forEach(fan -> fan.end(stopping()));
    watch.close();
  }
}
