package dev.rookery.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.models.Cancellation;
import dev.rookery.posix.Libc;
import dev.rookery.sandbox.Outcome.Killed;
import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.Tried.Said;
import dev.rookery.sandbox.confinement.Limits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Attempts to reach the network from a sandbox, or to take the host down. */
abstract class ReachContract extends Attempts {
  ReachContract(Mode mode) {
    super(mode);
  }

  @Test
  void the_hosts_loopback_is_out_of_reach() throws IOException {
    promised();
    try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (String address : new String[] {"127.0.0.1", "localhost", "0.0.0.0", "::1"}) {
        assertThat(
                says(
                    "timeout 3 bash -c 'echo x > /dev/tcp/"
                        + address
                        + "/"
                        + host.getLocalPort()
                        + "' 2>/dev/null && echo reached"))
            .isEmpty();
      }
    }
  }

  @Test
  void the_metadata_address_is_out_of_reach() {
    promised();
    assertThat(
            says("timeout 3 bash -c 'echo x > /dev/tcp/169.254.169.254/80' 2>/dev/null && echo r"))
        .isEmpty();
  }

  @Test
  void names_are_not_resolved() {
    promised();
    assertThat(says("timeout 5 getent ahostsv4 example.com; echo end")).isEqualTo("end\n");
  }

  @Test
  void no_datagram_reaches_the_host() throws IOException {
    promised();
    try (DatagramSocket host = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      host.setSoTimeout(300);
      says("echo x > /dev/udp/127.0.0.1/" + host.getLocalPort());
      DatagramPacket packet = new DatagramPacket(new byte[8], 8);
      boolean received = true;
      try {
        host.receive(packet);
      } catch (SocketTimeoutException _) {
        received = false;
      }
      assertThat(received).isFalse();
    }
  }

  @Test
  void abstract_sockets_of_the_host_are_out_of_reach() {
    promised();
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "numbers of x86_64");
    String name = "rookery-test-" + SERVER;
    int descriptor = (int) Libc.call(41, 1, 1 | Libc.O_CLOEXEC, 0);
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = ("\1\0\0" + name).getBytes(StandardCharsets.US_ASCII);
      MemorySegment address = arena.allocate(bytes.length, 8);
      MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 0, bytes.length);
      assertThat(Libc.call(49, descriptor, address.address(), bytes.length)).isZero();
      assertThat(Libc.call(50, descriptor, 5)).isZero();

      assertThat(
              says(
                  "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) or exit print \"closed\\n\";"
                      + " print connect(S, pack(\"Sa*\", 1, \"\\0"
                      + name
                      + "\"))"
                      + " ? \"reached\" : \"closed\", \"\\n\"'"))
          .isEqualTo("closed\n");
    } finally {
      Libc.close(descriptor);
    }
  }

  @Test
  void sockets_of_services_of_the_host_are_out_of_reach() throws IOException {
    promised();
    Path path = Files.createTempDirectory("rk").resolve("s");
    try (ServerSocketChannel host = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      host.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));

      assertThat(
              says(
                  "perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) or exit print \"closed\\n\";"
                      + " print connect(S, sockaddr_un(\""
                      + path
                      + "\"))"
                      + " ? \"reached\" : \"closed\", \"\\n\"'"))
          .isEqualTo("closed\n");
    } finally {
      Files.deleteIfExists(path);
      Files.deleteIfExists(path.getParent());
    }
  }

  @Test
  void raw_packet_and_virtual_machine_sockets_are_refused() {
    promised();
    assertThat(call("41, 2, 3, 1")).startsWith("refused");
    assertThat(call("41, 17, 3, 0")).isEqualTo("refused 97\n");
    assertThat(call("41, 40, 1, 0")).isEqualTo("refused 97\n");
    assertThat(call("41, 16, 3, 0")).isEqualTo("refused 97\n");
    assertThat(call("41, 38, 5, 0")).isEqualTo("refused 97\n");
  }

  @Test
  void a_fork_bomb_ends() {
    Said said =
        tried.run(
            Exec.shell("b() { b | b & }; b; sleep 30")
                .with(Limits.USUAL.withTimeout(Duration.ofSeconds(2))));

    assertThat(said.outcome()).isInstanceOfAny(Killed.class, Outcome.Exit.class);
    assertThat(ProcessTable.now().marked(tried.all().instance())).isEmpty();
    tried.run("true").endsWith(0);
  }

  @Test
  void a_file_of_two_gigabytes_is_refused() {
    Said said = tried.run("truncate -s 2G big 2>&1; ls big 2>/dev/null | xargs -r stat -c %s");

    assertThat(said.text()).doesNotContain("2147483648");
  }

  @Test
  void places_in_memory_are_small() {
    promised();
    for (String place : new String[] {"/tmp", "/dev/shm", "/run", "/dev", "/"}) {
      tried
          .run("head -c 300M /dev/zero > " + place + "/fill 2>/dev/null && exit 0; exit 9")
          .endsWith(9);
    }
  }

  @Test
  void a_flood_of_output_is_kept_short_and_ends() {
    AtomicLong kept = new AtomicLong();
    Exec exec =
        Exec.shell("yes flood")
            .with(Limits.USUAL.withTimeout(Duration.ofSeconds(1)).withOutput(1 << 20));

    Outcome outcome = tried.sandbox().exec(exec, (_, n) -> kept.addAndGet(n), Cancellation.NEVER);

    assertThat(outcome).isInstanceOf(Killed.class);
    assertThat(kept.get()).isLessThan((1 << 20) + 200);
  }
}
