package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import dev.rookery.secrets.Secrets;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One connection of a sandbox: one request, or one tunnel. */
final class ProxyConversation {
  private final EgressProxy.Trade trade;
  private final Secrets.User user;
  private final EgressLedger ledger;
  private final ByteChannel client;
  private final int connections;

  ProxyConversation(
      EgressProxy.Trade trade,
      Secrets.User user,
      EgressLedger ledger,
      ByteChannel client,
      int connections) {
    this.trade = trade;
    this.user = user;
    this.ledger = ledger;
    this.client = client;
    this.connections = connections;
  }

  void hold() throws IOException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(client), 16_384);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(client), 16_384);
    if (connections > trade.limits().connections()) {
      refuse(out, 503, "too many connections at once");
      return;
    }
    try {
      ProxyHead head;
      try (Alarm _ = alarm(trade.limits().head())) {
        head = ProxyHead.read(in);
      }
      if (head.method().equals("CONNECT")) {
        tunnel(head, in, out);
      } else {
        forward(head, in, out);
      }
    } catch (Refusal e) {
      refuse(out, e.kind().status(), e.getMessage());
    }
  }

  /** Closes the connection unless it is closed itself in time. */
  private Alarm alarm(Duration patience) {
    ScheduledFuture<?> bell =
        trade
            .clock()
            .schedule(
                () -> {
                  client.close();
                  return true;
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
    return () -> bell.cancel(false);
  }

  private interface Alarm extends AutoCloseable {
    @Override
    void close();
  }

  private void tunnel(ProxyHead head, InputStream in, OutputStream out) throws IOException {
    if (!head.target().matches("[^/?#@]+:[0-9]{1,5}")) {
      throw Refusal.badInput("bad-request", "CONNECT takes a host and a port.");
    }
    WebAddress place = WebAddress.read("https://" + head.target() + "/");
    Route route = new Router(trade.way().networks().of(user.org(), user.agent())).tunnel(place);
    switch (route) {
      case Route.Denied(var why) -> deny(head.target(), why, out);
      case Route.Allowed(var address, var reach) -> open(address, reach, in, out);
    }
  }

  private void deny(String place, String why, OutputStream out) throws IOException {
    ledger.denied(place, why);
    refuse(out, 403, why);
  }

  private void open(WebAddress place, Reach reach, InputStream in, OutputStream out)
      throws IOException {
    switch (trade.way().client().vet(place, reach)) {
      case Vetting.Refused(var why) -> deny(place.authority(), why, out);
      case Vetting.Passed(var addresses) -> {
        try (GuardedTunnel tunnel = GuardedTunnel.dial(addresses, place.port())) {
          ledger.allowed(place.host());
          write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
          through(tunnel, place, in, out);
        } catch (GuardedTunnel.NotReached e) {
          refuse(out, 502, place.host() + " cannot be reached");
        }
      }
    }
  }

  private void through(GuardedTunnel tunnel, WebAddress place, InputStream in, OutputStream out)
      throws IOException {
    ClientHello hello;
    try (Alarm _ = alarm(trade.limits().head())) {
      hello = ClientHello.read(in);
    } catch (IOException e) {
      ledger.denied(place.authority(), "no TLS greeting came through the tunnel");
      return;
    }
    if (!place.host().equals(hello.serverName())) {
      ledger.denied(place.authority(), "the TLS greeting asks for another host than the tunnel");
      return;
    }
    GuardedTunnel.Moved moved =
        tunnel.carry(
            hello.bytes(), new GuardedTunnel.Ends(in, out, client), trade.limits(), trade.clock());
    ledger.moved(place.host(), moved.sent(), moved.received());
  }

  private void forward(ProxyHead head, InputStream in, OutputStream out) throws IOException {
    WebAddress asked = WebAddress.read(head.target());
    Route route = new Router(trade.way().networks().of(user.org(), user.agent())).request(asked);
    switch (route) {
      case Route.Denied(var why) -> deny(asked.authority(), why, out);
      case Route.Allowed allowed ->
          new ProxyForward(trade, user, ledger, client).perform(allowed, head, in, out);
    }
  }

  static void refuse(OutputStream out, int status, String why) throws IOException {
    byte[] text = ("rookery: " + why + "\n").getBytes(StandardCharsets.UTF_8);
    write(
        out,
        "HTTP/1.1 %d Refused\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nX-Rookery-Egress: refused\r\nConnection: close\r\n\r\n"
            .formatted(status, text.length));
    out.write(text);
    out.flush();
  }

  static void write(OutputStream out, String head) throws IOException {
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }
}
