package dev.rookery.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.streams.Item;
import dev.rookery.streams.JournalJson;
import dev.rookery.streams.Subscription;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events (WHATWG HTML, section 9.2), on the thread of the client. Whoever does not take
 * them for a while is dropped, and comes back with the number of the last one.
 */
final class EventStream {
  static final String CONTENT_TYPE = "text/event-stream";
  private static final Logger log = LoggerFactory.getLogger(EventStream.class);
  private static final int BUFFER = 4_096;

  private static final int FRAMES = 4_096;

  private final Rooms.Live live;
  private final Counters counters;
  private final AtomicReferenceArray<@Nullable Frame> frames = new AtomicReferenceArray<>(FRAMES);

  /** An entry as it is sent. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Frame(Item.Entry entry, byte[] bytes) {}

  EventStream(Rooms.Live live, Counters counters) {
    this.live = live;
    this.counters = counters;
  }

  /** Returns when the stream is over or its client is gone. */
  void send(Feed feed, Context context) throws InterruptedException {
    try (Subscription source = feed.source()) {
      OutputStream out = begin(context);
      greet(source, out);
      flow(feed, out);
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        counters.droppedStream();
        log.info("a client of {} does not take its events; it is dropped", context.path());
      } else {
        log.debug("a client of {} went away", context.path(), e);
      }
    }
  }

  private OutputStream begin(Context context) throws IOException {
    var response = context.res();
    response.setBufferSize(BUFFER);
    response.setStatus(200);
    response.setContentType(CONTENT_TYPE);
    response.setHeader("X-Accel-Buffering", "no");
    ServletContextRequest.getServletContextRequest(context.req())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .setIdleTimeout(live.stall().toMillis());
    return response.getOutputStream();
  }

  /** With the place where it begins, so that a client resumes there even before its first event. */
  private static void greet(Subscription source, OutputStream out) throws IOException {
    out.write(("retry: 1000\nid: " + source.seen() + "\n\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private void flow(Feed feed, OutputStream out) throws IOException, InterruptedException {
    Subscription source = feed.source();
    try {
      boolean over = false;
      while (!over) {
        List<Item> items = source.next(live.heartbeat());
        over = source.over();
        List<byte[]> parts = new ArrayList<>(items.size() + 1);
        items.forEach(item -> add(parts, item, feed.tokens()));
        if (over) {
          parts.add(event("end", Json.object().put("after", source.seen())));
        } else if (items.isEmpty()) {
          parts.add(bytes(": here\nid: " + source.seen() + "\n\n"));
        }
        write(parts, out);
      }
    } catch (Refusal refusal) {
      ObjectNode why =
          Json.object().put("code", refusal.code()).put("detail", refusal.getMessage());
      write(List.of(event("closed", why)), out);
    }
  }

  private void add(List<byte[]> parts, Item item, boolean tokens) {
    switch (item) {
      case Item.Entry entry -> parts.add(frame(entry));
      case Item.Token(var delta) -> {
        if (tokens) {
          parts.add(event("token", JournalJson.of(delta)));
        }
      }
    }
  }

  /** Most clients of a node get the same records at the same time. */
  private byte[] frame(Item.Entry entry) {
    long seq = entry.record().seq();
    int place = (int) (seq % FRAMES);
    Frame known = frames.get(place);
    if (known != null && known.entry().equals(entry)) {
      return known.bytes();
    }
    byte[] head = bytes("id: " + seq + "\nevent: " + entry.record().entry().kind() + "\ndata: ");
    byte[] json = entry.json();
    byte[] bytes = Arrays.copyOf(head, head.length + json.length + 2);
    System.arraycopy(json, 0, bytes, head.length, json.length);
    bytes[bytes.length - 2] = '\n';
    bytes[bytes.length - 1] = '\n';
    frames.set(place, new Frame(entry, bytes));
    return bytes;
  }

  private static byte[] event(String name, ObjectNode data) {
    return bytes("event: " + name + "\ndata: " + Json.write(data) + "\n\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** With one write, as each of them is a call of the system. */
  private static void write(List<byte[]> parts, OutputStream out) throws IOException {
    byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    if (all.length > 0) {
      out.write(all);
      out.flush();
    }
  }
}
