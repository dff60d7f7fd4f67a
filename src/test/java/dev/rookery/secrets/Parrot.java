package dev.rookery.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.rookery.egress.LocalWeb;
import dev.rookery.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A server that says back the secret which it was given, in every way and in awkward pieces. */
final class Parrot implements LocalWeb.Reaction {
  private final Map<String, Planted> byValue;

  /** {@code <first segment of the path>:<name>} of each secret that came in its right place. */
  final Set<String> received = ConcurrentHashMap.newKeySet();

  Parrot(List<Planted> planted) {
    this.byValue = planted.stream().collect(Collectors.toMap(Planted::value, Function.identity()));
  }

  @Override
  public void to(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String[] path = exchange.getRequestURI().getPath().split("/");
    if (path[1].equals("pages")) {
      pages(exchange, Integer.parseInt(path[2]));
      return;
    }
    Planted secret = found(exchange, new String(body, StandardCharsets.UTF_8));
    if (secret == null) {
      LocalWeb.answer(exchange, 400, "no secret came");
      return;
    }
    received.add(path[1] + ":" + secret.name());
    sayBack(exchange, secret, path[2]);
  }

  private @Nullable Planted found(HttpExchange exchange, String body) {
    for (String header : List.of("Authorization", "X-Key")) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        return known(value, new SecretPlace.Header(header));
      }
    }
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null && query.startsWith("key=")) {
      String value = URLDecoder.decode(query.substring(4), StandardCharsets.UTF_8);
      return known(value, new SecretPlace.Query("key"));
    }
    JsonNode token = Json.parse(body).at("/auth/token");
    return known(token.asText(), new SecretPlace.BodyField("auth.token"));
  }

  private @Nullable Planted known(String said, SecretPlace place) {
    Planted plain = byValue.get(said);
    Planted prefixed = said.startsWith("Bearer ") ? byValue.get(said.substring(7)) : null;
    if (plain != null && plain.prefix().isEmpty() && plain.place().equals(place)) {
      return plain;
    }
    return prefixed != null && prefixed.place().equals(place) ? prefixed : null;
  }

  private static void sayBack(HttpExchange exchange, Planted secret, String how)
      throws IOException {
    var headers = exchange.getResponseHeaders();
    for (String header : List.of("Link", "ETag", "X-RateLimit-Key", "X-Other")) {
      headers.set(header, "<" + secret.value() + ">");
    }
    headers.set("Content-Disposition", "attachment; filename=" + secret.forms().get("base64"));
    headers.set("WWW-Authenticate", "Basic realm=" + secret.forms().get("url"));
    Charset charset =
        switch (how) {
          case "utf-16le" -> StandardCharsets.UTF_16LE;
          case "utf-16be" -> StandardCharsets.UTF_16BE;
          default -> StandardCharsets.UTF_8;
        };
    headers.set("Content-Type", "text/plain; charset=" + charset);
    if (how.equals("gzip")) {
      headers.set("Content-Encoding", "gzip");
    }
    exchange.sendResponseHeaders(how.equals("error") ? 401 : 200, 0);
    write(exchange.getResponseBody(), text(secret, how).getBytes(charset), how);
  }

  private static String text(Planted secret, String how) {
    return switch (how) {
      case "escapes" -> each(secret.value(), "\u001b[1m");
      case "zeros" -> each(secret.value(), "\0");
      case "invisible" -> each(secret.value(), "\u200b");
      default -> String.join(" and ", secret.forms().values());
    };
  }

  private static String each(String text, String between) {
    return text.chars().mapToObj(Character::toString).collect(Collectors.joining(between));
  }

  /** With a packet's border in the middle of each part, unless it is compressed. */
  private static void write(OutputStream out, byte[] bytes, String how) throws IOException {
    if (how.equals("gzip")) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
        zip.write(bytes);
      }
      out.write(packed.toByteArray());
      return;
    }
    int piece = Math.max(5, bytes.length / 37);
    for (int at = 0; at < bytes.length; at += piece) {
      out.write(bytes, at, Math.min(piece, bytes.length - at));
      out.flush();
    }
  }

  /** A page that takes each secret apart so that only a reader puts it together. */
  private void pages(HttpExchange exchange, int page) throws IOException {
    List<Planted> some =
        byValue.values().stream()
            .filter(planted -> planted.number() % 10 == page && planted.value().length() < 100)
            .toList();
    if (exchange.getRequestURI().getRawQuery() == null) {
      String key = some.getFirst().forms().get("url");
      exchange.getResponseHeaders().set("Location", exchange.getRequestURI() + "?key=" + key);
      LocalWeb.answer(exchange, 302, "");
      return;
    }
    StringBuilder html = new StringBuilder("<html><head><title>Page</title></head><body>");
    for (Planted planted : some) {
      String value = planted.value();
      int half = value.length() / 2;
      html.append("<p>")
          .append("<span>" + escaped(value.substring(0, half)) + "</span>")
          .append("<span>" + escaped(value.substring(half)) + "</span></p>");
    }
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    LocalWeb.answer(exchange, 200, html.append("</body></html>").toString());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
