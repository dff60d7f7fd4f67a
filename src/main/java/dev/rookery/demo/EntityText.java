package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Telegram's HTML as strictly as the Bot API does: known tags only, all closed in order, only
 * four named character references. Written apart from our renderer, so that it can judge it.
 */
final class EntityText {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("b", "bold"),
          Map.entry("strong", "bold"),
          Map.entry("i", "italic"),
          Map.entry("em", "italic"),
          Map.entry("u", "underline"),
          Map.entry("ins", "underline"),
          Map.entry("s", "strikethrough"),
          Map.entry("strike", "strikethrough"),
          Map.entry("del", "strikethrough"),
          Map.entry("a", "text_link"),
          Map.entry("code", "code"),
          Map.entry("pre", "pre"),
          Map.entry("blockquote", "blockquote"),
          Map.entry("tg-spoiler", "spoiler"));
  private static final Map<String, String> NAMED =
      Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"");
  private static final Pattern TAG =
      Pattern.compile("<(/?)([A-Za-z-]*)((?:\\s+[a-z-]+=\"[^\"<>]*\")*)\\s*>");
  private static final Pattern REFERENCE = Pattern.compile("&(?:#([0-9]{1,7})|([a-z]+));");
  private static final Pattern HREF = Pattern.compile("href=\"([^\"]*)\"");

  private final String source;
  private final StringBuilder text = new StringBuilder();
  private final ArrayNode entities = Json.mapper().createArrayNode();
  private final Deque<Open> open = new ArrayDeque<>();

  private EntityText(String source) {
    this.source = source;
  }

  /** The text people see, and where what is bold. */
  record Parsed(String text, JsonNode entities) {}

  private record Open(String tag, int offset, String attributes) {}

  /** The reason is the API's own description. */
  static final class Unparsable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;

    Unparsable(String why) {
      super(why, null, false, false);
      this.why = "can't parse entities: " + why;
    }

    String why() {
      return why;
    }
  }

  static Parsed plain(String source) {
    return new Parsed(source, Json.mapper().createArrayNode());
  }

  static Parsed html(String source) {
    return new EntityText(source).parse();
  }

  private Parsed parse() {
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '<') {
        at = tag(at);
      } else if (c == '&') {
        at = reference(at);
      } else {
        text.append(c);
        at++;
      }
    }
    if (!open.isEmpty()) {
      throw new Unparsable(
          "Can't find end tag corresponding to start tag \"" + open.peek().tag() + '"');
    }
    return new Parsed(text.toString(), entities);
  }

  private int tag(int at) {
    Matcher tag = TAG.matcher(source).region(at, source.length());
    if (!tag.lookingAt()) {
      throw new Unparsable("Unclosed start tag at byte offset " + at);
    }
    String name = tag.group(2);
    if (tag.group(1).isEmpty()) {
      if (!TYPES.containsKey(name)) {
        throw new Unparsable("Unsupported start tag \"" + name + "\" at byte offset " + at);
      }
      open.push(new Open(name, text.length(), tag.group(3)));
    } else {
      close(name, at);
    }
    return tag.end();
  }

  private void close(String name, int at) {
    if (open.isEmpty()) {
      throw new Unparsable("Unexpected end tag at byte offset " + at);
    }
    Open started = open.pop();
    if (!name.isEmpty() && !name.equals(started.tag())) {
      throw new Unparsable(
          "Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\""
              .formatted(at, started.tag(), name));
    }
    if (text.length() > started.offset()) {
      ObjectNode entity =
          Json.object()
              .put("type", TYPES.get(started.tag()))
              .put("offset", started.offset())
              .put("length", text.length() - started.offset());
      Matcher href = HREF.matcher(started.attributes());
      if (href.find()) {
        entity.put("url", html(href.group(1)).text());
      }
      entities.add(entity);
    }
  }

  private int reference(int at) {
    Matcher reference = REFERENCE.matcher(source).region(at, source.length());
    if (!reference.lookingAt()) {
      text.append('&');
      return at + 1;
    }
    if (reference.group(1) != null) {
      text.appendCodePoint(Integer.parseInt(reference.group(1)));
    } else {
      text.append(NAMED.getOrDefault(reference.group(2), reference.group()));
    }
    return reference.end();
  }
}
