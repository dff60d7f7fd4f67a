package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import dev.rookery.models.Cancellation;
import dev.rookery.secrets.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;

/** Sends one request of a sandbox on, and its answer back, neither held in memory as a whole. */
final class ProxyForward {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int FILLED = 1 << 20;
  private static final Set<String> REWRITTEN =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "keep-alive",
          "proxy-authenticate",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final EgressProxy.Trade trade;
  private final Secrets.User user;
  private final EgressLedger ledger;
  private final ByteChannel client;

  ProxyForward(
      EgressProxy.Trade trade, Secrets.User user, EgressLedger ledger, ByteChannel client) {
    this.trade = trade;
    this.user = user;
    this.ledger = ledger;
    this.client = client;
  }

  void perform(Route.Allowed route, ProxyHead head, InputStream in, OutputStream out)
      throws IOException {
    WebAddress place = route.address();
    GuardedRequest request =
        new GuardedRequest(head.method(), place, head.endToEnd(), payload(head, in, out));
    SecretInjection.Injected injected;
    try {
      injected = trade.way().secrets().inject(user, request, route.reach(), null);
    } catch (Refusal e) {
      ledger.denied(place.authority(), e.code());
      throw e;
    }
    ledger.allowed(place.host());
    Back back = new Back(head.method(), out, place.host());
    Ending<Boolean> ending =
        trade
            .way()
            .client()
            .perform(
                injected.request(),
                new Terms(route.reach(), LONGEST, trade.limits().maxBytes(), Terms.Redirects.NONE),
                injected.redactor(),
                Cancellation.NEVER,
                back);
    switch (ending) {
      case Ending.Answered<Boolean> _ -> {}
      case Ending.NotSent<Boolean>(var why) -> {
        ledger.denied(place.authority(), why);
        ProxyConversation.refuse(out, 502, why);
      }
      case Ending.Broken<Boolean>(var why) -> broken(back, out, why);
    }
  }

  /** A part of an answer must not look like the whole: its last chunk is missing then. */
  private void broken(Back back, OutputStream out, String why) throws IOException {
    if (back.begun) {
      client.close();
    } else {
      ProxyConversation.refuse(out, 502, why);
    }
  }

  private static Payload payload(ProxyHead head, InputStream in, OutputStream out)
      throws IOException {
    long length = head.bodyLength();
    if (length == 0) {
      return Payload.none();
    }
    if (head.header("Expect").filter(value -> value.equalsIgnoreCase("100-continue")).isPresent()) {
      ProxyConversation.write(out, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    SessionInputBufferImpl buffer = new SessionInputBufferImpl(8_192);
    InputStream body =
        length < 0
            ? new ChunkedInputStream(buffer, in)
            : new ContentLengthInputStream(buffer, in, length);
    String type = head.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    boolean fields = type.contains("json") || type.contains("x-www-form-urlencoded");
    if (!fields || length > FILLED) {
      return new Payload.Stream(body, length);
    }
    byte[] bytes = body.readNBytes(FILLED + 1);
    if (bytes.length > FILLED) {
      throw new Refusal(
          Refusal.Kind.TOO_LARGE,
          "body-too-large",
          "A chunked body with fields has up to 1 MiB; send it with a Content-Length.");
    }
    return new Payload.Bytes(bytes);
  }

  /** Writes an answer to the sandbox while it arrives. */
  private final class Back implements GuardedClient.Reader<Boolean> {
    private final String method;
    private final OutputStream out;
    private final String host;
    private boolean begun;

    Back(String method, OutputStream out, String host) {
      this.method = method;
      this.out = out;
      this.host = host;
    }

    @Override
    public Boolean read(Answer answer) throws IOException {
      boolean body = !method.equals("HEAD") && answer.status() != 204 && answer.status() != 304;
      StringBuilder head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" -\r\n");
      for (HttpField field : answer.headers()) {
        if (!REWRITTEN.contains(field.name().toLowerCase(Locale.ROOT))) {
          head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
      }
      head.append(body ? "Transfer-Encoding: chunked\r\n" : "").append("Connection: close\r\n\r\n");
      begun = true;
      ProxyConversation.write(out, head.toString());
      if (body) {
        chunks(answer.body());
      }
      return true;
    }

    private void chunks(InputStream body) throws IOException {
      byte[] chunk = new byte[16_384];
      long received = 0;
      try {
        for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
          if (count > 0) {
            received += count;
            out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(chunk, 0, count);
            out.write(new byte[] {'\r', '\n'});
            out.flush();
          }
        }
        ProxyConversation.write(out, "0\r\n\r\n");
      } finally {
        ledger.moved(host, 0, received);
      }
    }
  }
}
