package dev.rookery.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.Principal;
import dev.rookery.store.StorageUnavailable;
import dev.rookery.streams.Subscription;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said in one socket. Frames are heard one after the other; requests that may take long are
 * answered from threads of their own.
 */
final class Dialogue implements Feed.Receiver {
  static final String VERSION = "2";
  private static final Logger log = LoggerFactory.getLogger(Dialogue.class);
  private static final List<String> CONNECT =
      List.of("version", "client", "device", "key", "after", "scope");

  private final Office office;
  private final Link link;
  private final Semaphore requests;
  private final AtomicReference<@Nullable Feed> current = new AtomicReference<>();
  private volatile @Nullable Outlet outlet;
  private volatile @Nullable String key;
  private volatile boolean connected;

  Dialogue(Office office, Link link, @Nullable String key) {
    this.office = office;
    this.link = link;
    this.key = key;
    this.requests = new Semaphore(office.limits().requests());
  }

  void open(Outlet way) {
    outlet = way;
  }

  boolean connected() {
    return connected;
  }

  /** Nothing more is sent of what is watched. */
  void stop() {
    Feed feed = current.getAndSet(null);
    if (feed != null) {
      feed.stop();
    }
  }

  void hear(String text) throws InterruptedException {
    switch (FrameReader.read(text)) {
      case Frame.Broken(var why) -> link.end(Ending.PROTOCOL, why);
      case Frame.Faulty(var id, var why) -> {
        refuse(id, why);
        if (!connected) {
          link.end(Ending.PROTOCOL, "the first request was not a connect");
        }
      }
      case Frame.Asked asked -> {
        if (connected) {
          request(asked);
        } else {
          first(asked);
        }
      }
    }
  }

  private void first(Frame.Asked asked) throws InterruptedException {
    if (!asked.method().equals("connect")) {
      refuse(asked.id(), Refusal.badInput("not-connected", "The first request must be connect."));
      link.end(Ending.PROTOCOL, "the first request was not connect");
      return;
    }
    answering(asked.id(), () -> connect(asked));
  }

  /** Work that answers by itself when it succeeds. */
  private interface Step {
    void take() throws InterruptedException;
  }

  private void answering(String id, Step step) throws InterruptedException {
    try {
      step.take();
    } catch (Refusal e) {
      refuse(id, e);
      if (e.code().equals("bad-version")) {
        link.end(Ending.PROTOCOL, "this server speaks version " + VERSION);
      }
      if (!connected || e.kind() == Refusal.Kind.UNAUTHENTICATED) {
        link.endIfLost(e);
      }
    } catch (StorageUnavailable e) {
      refuse(id, unavailable(e));
    }
  }

  private static Refusal unavailable(StorageUnavailable e) {
    String why = Objects.requireNonNullElse(e.getMessage(), "The database is not available.");
    return new Refusal(
        Refusal.Kind.UNAVAILABLE, "storage-unavailable", why + " Nothing was done; ask again.");
  }

  private void connect(Frame.Asked asked) throws InterruptedException {
    Params params = new Params(asked.params()).only(CONNECT);
    if (!params.text("version").equals(VERSION)) {
      throw Refusal.badInput("bad-version", "This server speaks version \"%s\".", VERSION);
    }
    String client = params.label("client");
    String device = params.label("device");
    Principal who = office.recognise(key(params));
    log.debug("{} on {} connects with key {}", client, device, who.key());
    Subscription watched = office.subscribe(who, params);
    ObjectNode payload =
        Json.object()
            .put("version", VERSION)
            .put("node", office.rooms().node().value())
            .put("org", who.org().value())
            .put("role", who.role().spelled());
    link.welcome();
    watch(asked.id(), watched, payload, who);
  }

  private String key(Params params) {
    String given = params.textOrNull("key");
    String known = key;
    if (given == null && known == null) {
      throw Office.keyMissing();
    }
    if (given != null && known != null && !given.equals(known)) {
      throw Params.bad("key", "left out: another key came with the upgrade");
    }
    String taken = known == null ? Objects.requireNonNull(given) : known;
    key = taken;
    return taken;
  }

  /** Answers, and only then begins with what is watched from here on. */
  private void watch(String id, Subscription watched, ObjectNode payload, Principal who)
      throws InterruptedException {
    payload.put("after", watched.seen()).put("head", office.head(who));
    if (!connected) {
      payload
          .putObject("limits")
          .put("frame_bytes", office.limits().frameBytes())
          .put("requests_open", office.limits().requests());
    }
    byte[] frame = office.writer().result(id, payload);
    Feed feed = new Feed(watched, office.writer(), this);
    boolean sent =
        send(
            () -> {
              Feed before = current.getAndSet(feed);
              if (before != null) {
                before.stop();
              }
              connected = true;
              return List.of(frame);
            });
    if (sent && !link.ended()) {
      feed.start();
    } else {
      feed.stop();
    }
  }

  private void request(Frame.Asked asked) throws InterruptedException {
    switch (asked.method()) {
      case "connect" ->
          refuse(
              asked.id(),
              new Refusal(
                  Refusal.Kind.CONFLICT,
                  "already-connected",
                  "This socket is connected; subscribe changes what it watches."));
      case "ping" -> answering(asked.id(), () -> ping(asked));
      case "subscribe" -> answering(asked.id(), () -> subscribe(asked));
      default -> answering(asked.id(), () -> start(asked));
    }
  }

  private void ping(Frame.Asked asked) throws InterruptedException {
    new Params(asked.params()).only(List.of());
    send(() -> List.of(office.writer().result(asked.id(), Json.object())));
  }

  private void subscribe(Frame.Asked asked) throws InterruptedException {
    Params params = new Params(asked.params()).only(List.of("after", "scope"));
    Principal who = office.recognise(Objects.requireNonNull(key));
    watch(asked.id(), office.subscribe(who, params), Json.object(), who);
  }

  private void start(Frame.Asked asked) {
    Calls.Invocation what = Invoking.of(asked.method(), asked.params());
    if (!requests.tryAcquire()) {
      throw new Refusal(
          Refusal.Kind.TOO_MANY,
          "too-many-requests",
          office.limits().requests() + " requests of this socket are open; wait for an answer.");
    }
    Thread.ofVirtual().name("gateway-request").start(() -> work(asked.id(), what));
  }

  /** Makes room for another request just before the answer leaves, and in any case. */
  private void work(String id, Calls.Invocation what) {
    AtomicBoolean open = new AtomicBoolean(true);
    try {
      answering(
          id,
          () -> {
            Principal who = office.recognise(Objects.requireNonNull(key));
            byte[] frame = office.writer().answer(id, office.calls().call(who, what));
            send(
                () -> {
                  closeRequest(open);
                  return List.of(frame);
                });
          });
    } catch (InterruptedException e) {
      log.debug("a request was interrupted; its socket is closing");
    } catch (RuntimeException e) {
      link.fail(e);
    } finally {
      closeRequest(open);
    }
  }

  private void closeRequest(AtomicBoolean open) {
    if (open.compareAndSet(true, false)) {
      requests.release();
    }
  }

  private void refuse(String id, Refusal why) throws InterruptedException {
    send(() -> List.of(office.writer().error(id, why)));
  }

  private boolean send(Supplier<List<byte[]>> frames) throws InterruptedException {
    Outlet way = outlet;
    return way != null && way.send(frames);
  }

  @Override
  public boolean take(Feed from, List<byte[]> frames) throws InterruptedException {
    return send(() -> current.get() == from ? frames : List.of());
  }

  @Override
  public void ended(Refusal why) {
    if (why.kind() == Refusal.Kind.UNAVAILABLE) {
      link.end(Ending.STOPPING);
    }
    link.endIfLost(why);
    if (!link.ended()) {
      link.fail(why);
    }
  }

  @Override
  public void failed(RuntimeException why) {
    link.fail(why);
  }
}
