package dev.rookery.egress;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What stands inside a sandbox between programs, which speak to proxies over TCP, and the Unix
 * socket that leads out: a listener on the loopback of the sandbox's own network namespace. Written
 * for what machines have; Debian has Perl always.
 */
public enum EgressForwarder {
  PERL("perl"),
  PYTHON("python3"),
  SOCAT("socat");

  /** Where the socket is mounted in every sandbox with a network. */
  public static final String SOCKET = "/run/rookery/egress.sock";

  /** Where programs in the sandbox find their proxy. */
  public static final String PROXY = "http://127.0.0.1:3128";

  private static final int PORT = 3128;

  private static final String IN_PERL =
      """
      use strict; use Socket; use IO::Socket::INET; use IO::Socket::UNIX; use IO::Select;
      my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => PORT, Listen => 64, ReuseAddr => 1) or exit 1;
      exit 0 if fork; setpgrp(0, 0);
      open STDIN, "<", "/dev/null"; open STDOUT, ">", "/dev/null"; open STDERR, ">", "/dev/null";
      $SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE"; $0 = "rookery-egress";
      while (1) {
        my $c = $l->accept or next;
        if (fork) { close $c; next }
        close $l;
        my $u = IO::Socket::UNIX->new(Peer => "PLACE") or exit;
        my $s = IO::Select->new($c, $u);
        while ($s->count) {
          for my $r ($s->can_read) {
            my $w = $r == $c ? $u : $c;
            my $k = sysread($r, my $b, 65536);
            if (!$k) { $s->remove($r); shutdown($w, 1); exit if $r == $u; next }
            for (my $o = 0; $o < $k;) { my $x = syswrite($w, $b, $k - $o, $o); exit unless $x; $o += $x }
          }
        }
        exit;
      }
      """;

  private static final String IN_PYTHON =
      """
      import os, socket, sys, threading
      l = socket.socket(); l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
      l.bind(("127.0.0.1", PORT)); l.listen(64)
      if os.fork(): os._exit(0)
      os.setpgrp()
      n = os.open("/dev/null", os.O_RDWR)
      for f in (0, 1, 2): os.dup2(n, f)
      def pump(a, b):
          try:
              while True:
                  d = a.recv(65536)
                  if not d: break
                  b.sendall(d)
          except OSError: pass
          try: b.shutdown(socket.SHUT_WR)
          except OSError: pass
      def serve(c):
          u = socket.socket(socket.AF_UNIX)
          try: u.connect("PLACE")
          except OSError: c.close(); return
          t = threading.Thread(target=pump, args=(c, u), daemon=True); t.start()
          pump(u, c); c.close(); u.close()
      while True:
          c, _ = l.accept(); threading.Thread(target=serve, args=(c,), daemon=True).start()
      """;

  private final String program;

  EgressForwarder(String program) {
    this.program = program;
  }

  /** The first that this machine has, of which a sandbox sees the same {@code /usr}. */
  public static Optional<EgressForwarder> choose(Predicate<Path> exists) {
    return Arrays.stream(values())
        .filter(forwarder -> exists.test(Path.of("/usr/bin", forwarder.program)))
        .findFirst();
  }

  /** The program that forwards, for people. */
  public String program() {
    return program;
  }

  /**
   * Lines for {@code sh} that are run in the sandbox before the command of the agent: the listener
   * stands when they are over, holds no stream of the command open, and ends with the sandbox.
   */
  public String prelude() {
    return prelude(SOCKET, PORT);
  }

  String prelude(String socket, int port) {
    String started =
        switch (this) {
          case PERL -> "perl -e " + quoted(filled(IN_PERL, socket, port));
          case PYTHON -> "python3 -S -E -c " + quoted(filled(IN_PYTHON, socket, port));
          case SOCAT ->
              "socat TCP-LISTEN:"
                  + port
                  + ",bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:"
                  + socket
                  + " </dev/null >/dev/null 2>&1 & sleep 0.2; kill -0 $!";
        };
    return "{ "
        + started
        + "; } || { echo 'rookery: the network of this sandbox did not start' >&2; exit 126; }\n";
  }

  private static String filled(String script, String socket, int port) {
    return script.replace("PLACE", socket).replace("PORT", Integer.toString(port));
  }

  private static String quoted(String script) {
    return "'" + script.replace("'", "'\\''") + "'";
  }

  /** What programs in the sandbox must have in their environment. */
  public static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
      environment.put(name, PROXY);
      environment.put(name.toLowerCase(java.util.Locale.ROOT), PROXY);
    }
    environment.put("NO_PROXY", "localhost,127.0.0.1,::1");
    environment.put("no_proxy", "localhost,127.0.0.1,::1");
    return environment;
  }
}
