package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Request line and headers of what a sandbox asks for; read strictly, as RFC 9112 has it. */
record ProxyHead(String method, String target, List<HttpField> fields) {
  private static final int LONGEST = 65_536;
  private static final int MOST_FIELDS = 100;

  ProxyHead {
    fields = List.copyOf(fields);
  }

  /**
   * @throws Refusal {@code bad-request}, {@code bad-header}
   * @throws IOException when the connection ends before
   */
  static ProxyHead read(InputStream in) throws IOException {
    String[] lines = lines(in);
    String[] request = lines[0].split(" ", -1);
    if (request.length != 3 || !request[2].matches("HTTP/1\\.[01]")) {
      throw bad("the request line is not of HTTP/1.1");
    }
    List<HttpField> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1) {
        throw bad("a header line has no name");
      }
      fields.add(new HttpField(lines[i].substring(0, colon), lines[i].substring(colon + 1)));
    }
    if (fields.size() > MOST_FIELDS) {
      throw bad("there are too many headers");
    }
    return new ProxyHead(request[0], request[1], fields);
  }

  private static String[] lines(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request ended within its head");
      }
      head.write(next);
      boolean fits = next == "\r\n\r\n".charAt(matched);
      matched = fits ? matched + 1 : next == '\r' ? 1 : 0;
      if (head.size() > LONGEST) {
        throw bad("its head is too long");
      }
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    String[] lines = text.substring(0, text.length() - 4).split("\r\n", -1);
    if (Stream.of(lines).anyMatch(line -> line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0)) {
      throw bad("a line ends in a way that programs read differently");
    }
    return lines;
  }

  private static Refusal bad(String why) {
    return Refusal.badInput("bad-request", "The request cannot be read: %s.", why);
  }

  Optional<String> header(String name) {
    List<String> values = fields.stream().filter(f -> f.is(name)).map(HttpField::value).toList();
    if (values.size() > 1) {
      throw bad("it has more than one " + name);
    }
    return values.stream().findFirst();
  }

  /**
   * Bytes of the body: -1 when it comes in chunks.
   *
   * @throws Refusal when it says both, or neither in a readable way
   */
  long bodyLength() {
    Optional<String> length = header("Content-Length");
    Optional<String> transfer = header("Transfer-Encoding");
    if (transfer.isPresent()) {
      if (length.isPresent() || !transfer.get().equalsIgnoreCase("chunked")) {
        throw bad("the length of its body is contested");
      }
      return -1;
    }
    String digits = length.orElse("0");
    if (!digits.matches("[0-9]{1,15}")) {
      throw bad("Content-Length is no number");
    }
    return Long.parseLong(digits);
  }

  /** The headers that are meant for the other side, not for this connection. */
  List<HttpField> endToEnd() {
    Set<String> named =
        fields.stream()
            .filter(field -> field.is("Connection"))
            .flatMap(field -> Stream.of(field.value().split(",")))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return fields.stream()
        .filter(field -> !named.contains(field.name().toLowerCase(Locale.ROOT)))
        .filter(field -> !GuardedRequest.writtenByClient(field.name()))
        .filter(field -> !field.name().toLowerCase(Locale.ROOT).startsWith("proxy-"))
        .toList();
  }
}
