package dev.rookery.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EgressForwarderIT {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(EgressForwarder.class)
  void bytes_go_through_the_listener_to_the_socket_and_back(EgressForwarder forwarder)
      throws Exception {
    Path program = Path.of("/usr/bin", forwarder.program());
    assumeTrue(Files.exists(program), program + " is not here");
    int port = freePort();
    Path socket = directory.resolve("e.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      String script = forwarder.prelude(socket.toString(), port) + "echo ready; read line\n";
      Process shell =
          new ProcessBuilder("setsid", "sh", "-c", script).redirectErrorStream(true).start();
      try {
        assertThat(shell.inputReader().readLine()).isEqualTo("ready");
        for (int i = 0; i < 3; i++) {
          conversation(server, port);
        }
      } finally {
        List<ProcessHandle> started =
            ProcessHandle.allProcesses().filter(p -> mine(p, socket)).toList();
        started.forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static boolean mine(ProcessHandle process, Path socket) {
    try {
      String line = Files.readString(Path.of("/proc", process.pid() + "", "cmdline"));
      return line.contains(socket.toString()) && process.pid() != ProcessHandle.current().pid();
    } catch (IOException e) {
      return false;
    }
  }

  private static void conversation(ServerSocketChannel server, int port) throws Exception {
    try (Socket client = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        SocketChannel inside = server.accept()) {
      client.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      InputStream in = Channels.newInputStream(inside);
      assertThat(in.readAllBytes()).asString().isEqualTo("ping");
      Channels.newOutputStream(inside).write("x".repeat(300_000).getBytes());
      inside.shutdownOutput();
      assertThat(client.getInputStream().readAllBytes()).hasSize(300_000);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  @Test
  void the_first_program_that_the_machine_has_is_taken() {
    assertThat(EgressForwarder.choose(path -> path.endsWith("python3")))
        .contains(EgressForwarder.PYTHON);
    assertThat(EgressForwarder.choose(_ -> true)).contains(EgressForwarder.PERL);
    assertThat(EgressForwarder.choose(_ -> false)).isEmpty();
    assertThat(EgressForwarder.environment())
        .containsEntry("https_proxy", "http://127.0.0.1:3128")
        .containsKey("NO_PROXY");
  }
}
