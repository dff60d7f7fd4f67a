package dev.rookery.api;

import dev.rookery.journal.JournalRecord;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.streams.Item;
import dev.rookery.streams.JournalJson;
import dev.rookery.streams.Subscription;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
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

  private final Rooms.Live live;
  private final Counters counters;

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
        Batch batch = new Batch();
        items.forEach(item -> batch.add(item, feed.tokens()));
        if (over) {
          batch.event("end", Json.object().put("after", source.seen()).toString());
        } else if (items.isEmpty()) {
          batch.text(": here\nid: " + source.seen() + "\n\n");
        }
        batch.writeTo(out);
        out.flush();
      }
    } catch (Refusal refusal) {
      Batch last = new Batch();
      String why =
          Json.write(Json.object().put("code", refusal.code()).put("detail", refusal.getMessage()));
      last.event("closed", why);
      last.writeTo(out);
      out.flush();
    }
  }

  /** What goes out with one write. */
  private static final class Batch extends ByteArrayOutputStream {
    void add(Item item, boolean tokens) {
      switch (item) {
        case Item.Entry(JournalRecord record, byte[] json) -> {
          text("id: " + record.seq() + "\nevent: " + record.entry().kind() + "\ndata: ");
          writeBytes(json);
          text("\n\n");
        }
        case Item.Token(var delta) -> {
          if (tokens) {
            event("token", Json.write(JournalJson.of(delta)));
          }
        }
      }
    }

    void event(String name, String data) {
      text("event: " + name + "\ndata: " + data + "\n\n");
    }

    void text(String text) {
      writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
