package dev.rookery.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.confinement.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Attempts from inside a sandbox of one tier. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Attempts {
  static final long SERVER = ProcessHandle.current().pid();
  static final String REFUSED = "refused 1\n";

  final Mode mode;
  Tried tried;
  Path directory;

  Attempts(Mode mode) {
    this.mode = mode;
  }

  @BeforeAll
  void open(@TempDir Path made) {
    directory = made;
    tried = Tried.open(made, mode);
  }

  @AfterAll
  void close() {
    if (tried != null) {
      tried.close();
    }
  }

  final void promised() {
    assumeTrue(mode != Mode.PLAIN, "local-plain does not promise this");
  }

  final String says(String line) {
    return tried
        .run(Exec.shell(line).with(Limits.USUAL.withTimeout(Duration.ofSeconds(20))))
        .text();
  }

  /** The answer of one system call, by its number on x86_64. */
  final String call(String arguments) {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "numbers of x86_64");
    assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "needs perl");
    return says(
        "perl -e 'my $b = \"\\0\" x 256; my $r = syscall("
            + arguments
            + "); print $r == -1 ? \"refused \" . (0 + $!) : \"done $r\", \"\\n\"'");
  }
}
