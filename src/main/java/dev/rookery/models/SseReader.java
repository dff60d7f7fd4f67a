package dev.rookery.models;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Server-sent events from pieces of bytes that may be cut anywhere (WHATWG HTML, "Interpreting an
 * event stream"). Unlike the standard, an event at the very end needs no empty line after it:
 * providers leave it out.
 */
final class SseReader {
  /** One event; the name is {@code message} where none was given. */
  record Event(String name, String data) {}

  private static final int CR = '\r';
  private static final int LF = '\n';

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private boolean hasData;
  private boolean lastWasCr;
  private boolean firstLine = true;

  /** The events that these bytes complete. */
  List<Event> feed(byte[] bytes) {
    List<Event> events = new ArrayList<>();
    for (byte b : bytes) {
      if (b == LF && lastWasCr) {
        lastWasCr = false;
        continue;
      }
      lastWasCr = b == CR;
      if (b == CR || b == LF) {
        endLine(events);
      } else {
        line.write(b);
      }
    }
    return events;
  }

  /** What is left at the end of the stream. */
  List<Event> end() {
    List<Event> events = new ArrayList<>();
    if (line.size() > 0) {
      endLine(events);
    }
    dispatch(events);
    return events;
  }

  private void endLine(List<Event> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (firstLine && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    firstLine = false;
    if (text.isEmpty()) {
      dispatch(events);
    } else if (!text.startsWith(":")) {
      field(text);
    }
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    if (field.equals("event")) {
      name = value;
    } else if (field.equals("data")) {
      if (hasData) {
        data.append('\n');
      }
      data.append(value);
      hasData = true;
    }
  }

  private void dispatch(List<Event> events) {
    if (hasData) {
      events.add(new Event(name.isEmpty() ? "message" : name, data.toString()));
    }
    data.setLength(0);
    hasData = false;
    name = "";
  }
}
