package dev.rookery.sandbox;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.SandboxSettings.Mode;
import dev.rookery.sandbox.confinement.Tier;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What the sandbox does when servers are killed, tiers are missing and threads end. */
final class SandboxFaultsIT {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"BWRAP", "LANDLOCK", "PLAIN"})
  void what_a_killed_server_left_is_swept_by_the_next(Mode mode) throws Exception {
    String line = "sleep 1001 & (setsid sleep 1002 &); echo up; sleep 1003";
    Process server = server(List.of(), System.getProperty("java.class.path"), mode, line);
    try (BufferedReader lines = server.inputReader()) {
      String said = lines.readLine();
      assumeTrue(said.startsWith("attested"), said);
      assertThat(lines.readLine()).isEqualTo("up");
      String instance = Installed.in(directory).marker();
      assertThat(ProcessTable.now().marked(instance)).isNotEmpty();

      server.destroyForcibly().waitFor();
      try (Tried next = Tried.open(directory, mode)) {
        assertThat(ProcessTable.now().marked(instance)).isEmpty();
        next.run("true").endsWith(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BWRAP", "LANDLOCK"})
  void a_server_that_is_not_root_confines_too(Mode mode) throws Exception {
    assumeTrue(isRoot(), "needs root to drop it");
    Path classes = readableClasses();
    Path home = Files.createDirectory(directory.resolve("data"));
    Files.setAttribute(home, "unix:uid", 65_534);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> dropped =
        List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    String line =
        "(echo > /proc/"
            + ProcessHandle.current().pid()
            + "/comm; kill -9 -1) 2>/dev/null; echo ran";
    Process server =
        server(dropped, classes + "/*:" + classes + "/main:" + classes + "/test", mode, line);

    try (BufferedReader lines = server.inputReader()) {
      String said = lines.readLine();
      assumeFalse(said != null && said.startsWith("unavailable"), said);
      assertThat(said).isEqualTo("attested true");
      List<String> rest = new ArrayList<>();
      for (String next = lines.readLine(); next != null; next = lines.readLine()) {
        rest.add(next);
      }
      assertThat(rest).isNotEmpty();
      assertThat(rest.getLast()).startsWith("Exit");
    }
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
  }

  private static boolean isRoot() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  /** The build's own classes may lie in a directory that only root enters. */
  private Path readableClasses() throws IOException {
    Path all = Files.createDirectory(directory.resolve("classes"));
    for (Class<?> each :
        List.of(
            ObjectMapper.class,
            JsonFactory.class,
            JsonInclude.class,
            UuidCreator.class,
            LoggerFactory.class,
            ch.qos.logback.classic.Logger.class,
            ch.qos.logback.core.Context.class,
            NullMarked.class)) {
      Path jar = source(each);
      Files.copy(jar, all.resolve(jar.getFileName()));
    }
    copy(source(Sandboxes.class), all.resolve("main"), "dev/rookery");
    copy(source(Sandboxes.class), all.resolve("main"), "logback.xml");
    copy(source(KilledServer.class), all.resolve("test"), "dev/rookery/sandbox");
    return all;
  }

  private static Path source(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static void copy(Path from, Path to, String part) throws IOException {
    if (!Files.exists(from.resolve(part))) {
      return;
    }
    try (var walk = Files.walk(from.resolve(part))) {
      for (Path path : walk.toList()) {
        Path target = to.resolve(from.relativize(path));
        Files.createDirectories(target.getParent());
        Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Process server(List<String> prefix, String classPath, Mode mode, String line)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "--enable-native-access=ALL-UNNAMED"));
    Path data = prefix.isEmpty() ? directory : directory.resolve("data");
    command.addAll(
        List.of(
            "-cp", classPath, KilledServer.class.getName(), data.toString(), mode.name(), line));
    File log = directory.resolve("log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log);
    return (prefix.isEmpty() ? builder : builder.directory(new File("/"))).start();
  }

  @Test
  void a_sandbox_outlives_the_thread_that_asked_for_it() throws Exception {
    try (Tried tried = Tried.open(directory, Mode.BWRAP)) {
      CompletableFuture<Terminal> opened = new CompletableFuture<>();
      Thread shortLived =
          Thread.ofPlatform()
              .start(() -> opened.complete(tried.sandbox().openPty(TerminalRequest.shell(80, 24))));
      shortLived.join();
      Terminal terminal = opened.get(10, TimeUnit.SECONDS);
      tried.run("true").endsWith(0);

      assertThat(terminal.ended()).isNotDone();
      terminal.write("exit 3\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(terminal.ended().get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Exit(3));
    }
  }

  @Test
  void as_root_each_agent_has_a_user_of_its_own_and_a_closed_home() throws Exception {
    assumeTrue(isRoot(), "only root can give agents users");
    try (Tried tried = Tried.open(directory, Mode.BWRAP)) {
      CompletableFuture<Integer> user = new CompletableFuture<>();
      tried
          .sandbox()
          .exec(
              Exec.shell("echo up; sleep 0.5"),
              (_, _) -> user.complete(userOfMarked(tried.all().instance())),
              Cancellation.NEVER);

      assertThat(user.join()).isEqualTo(tried.sandbox().home().user()).isNotZero();
      assertThat(Files.getPosixFilePermissions(tried.sandbox().home().path()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.getAttribute(tried.sandbox().home().path(), "unix:uid"))
          .isEqualTo(user.join());
    }
  }

  private static int userOfMarked(String instance) {
    long pid = ProcessTable.now().marked(instance).getFirst().pid();
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void no_command_runs_when_the_sandbox_is_off() {
    SandboxSettings settings = SandboxSettings.from(directory, Map.of("ROOKERY_SANDBOX", "off"));
    try (Sandboxes sandboxes = Sandboxes.open(settings, null, () -> 1)) {
      assertThat(sandboxes.availability().chosen()).isEmpty();
      refused("sandbox-unavailable", () -> sandboxes.ensure(OrgId.next(), AgentId.next()));
    }
  }

  @Test
  void nothing_runs_unsandboxed_with_several_organizations() {
    SandboxSettings settings = SandboxSettings.from(directory, Map.of("ROOKERY_SANDBOX", "plain"));
    try (Sandboxes sandboxes = Sandboxes.open(settings, null, () -> 2)) {
      assertThat(sandboxes.availability().chosen()).isEmpty();
    }
    AtomicInteger organizations = new AtomicInteger(1);
    try (Sandboxes sandboxes = Sandboxes.open(settings, null, organizations::get)) {
      assertThat(sandboxes.availability().sentence()).contains("UNSANDBOXED");
      organizations.set(2);
      refused("sandbox-unavailable", () -> sandboxes.ensure(OrgId.next(), AgentId.next()));
    }
  }

  @Test
  void automatic_choice_is_never_plain() {
    SandboxSettings settings = SandboxSettings.from(directory, Map.of());
    try (Sandboxes sandboxes = Sandboxes.open(settings, null, () -> 1)) {
      assertThat(sandboxes.availability().chosen().map(t -> t != Tier.PLAIN).orElse(true)).isTrue();
    }
  }

  @Test
  void a_setting_that_is_none_is_refused() {
    refused(
        "bad-sandbox-setting",
        () -> SandboxSettings.from(directory, Map.of("ROOKERY_SANDBOX", "docker")));
    refused(
        "bad-sandbox-setting",
        () -> SandboxSettings.from(directory, Map.of("ROOKERY_SANDBOX_UID_BASE", "0")));
  }

  @Test
  void closing_ends_what_runs() throws Exception {
    Tried tried = Tried.open(directory, Mode.BWRAP);
    CompletableFuture<Void> up = new CompletableFuture<>();
    CompletableFuture<Outcome> ended =
        CompletableFuture.supplyAsync(
            () ->
                tried
                    .sandbox()
                    .exec(
                        Exec.shell("echo up; sleep 60"),
                        (_, _) -> up.complete(null),
                        Cancellation.NEVER));
    up.get(10, TimeUnit.SECONDS);

    tried.close();

    assertThat(ended.get(1, TimeUnit.SECONDS)).isInstanceOf(Outcome.Killed.class);
    refused("sandbox-unavailable", () -> tried.run("true"));
  }
}
