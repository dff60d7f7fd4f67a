package dev.rookery.homes;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileNames;
import dev.rookery.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HomeFilesTest {
  private final TestHome home = new TestHome();
  private final HomeFiles files = home.files();

  @AfterEach
  void close() {
    home.close();
  }

  private static Path shared(String file) {
    Path path = Path.of(System.getProperty("rookery.shared", "../shared")).resolve(file);
    Assumptions.assumeTrue(Files.exists(path), "no " + file + " here");
    return path;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void link(String name, String target) throws IOException {
    Path link = home.path().resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }

  @Test
  void what_was_written_is_read_again() {
    String hash = home.put("notes/2026/today.md", "héllo\n");
    assertThat(home.text("~/notes/2026/today.md")).isEqualTo("héllo\n");
    assertThat(home.text("/home/agent/notes/./2026//today.md")).isEqualTo("héllo\n");
    assertThat(files.sha256("notes/2026/today.md")).isEqualTo(hash);
    assertThat(files.stat("notes").isDirectory()).isTrue();
    assertThat(files.list("notes/2026", 10).entries())
        .extracting(FileInfo::path)
        .containsExactly("notes/2026/today.md");
    assertThat(files.read("notes/2026/today.md", 1, 2).more()).isTrue();
    assertThat(files.read("notes/2026/today.md", 99, 2).bytes()).isEmpty();
  }

  @Test
  void a_write_expects_what_its_author_saw() {
    String hash = home.put("a", "one");
    refused("file-exists", () -> files.write("a", utf8("x"), Expected.NOTHING));
    files.write("a", utf8("two"), new Expected.Content(hash));
    refused("file-changed", () -> files.write("a", utf8("x"), new Expected.Content(hash)));
    refused("file-changed", () -> files.write("b", utf8("x"), new Expected.Content(hash)));
    files.write("c", utf8("new"), Expected.NOTHING);
    assertThat(home.text("a")).isEqualTo("two");
    assertThat(files.list(".", 10).entries())
        .extracting(FileInfo::path)
        .as("no draft stays behind")
        .containsExactly("a", "c");
  }

  @Test
  void files_are_their_owners_alone_and_what_runs_still_runs() throws IOException {
    home.put("d/secret", "x");
    Path script = home.path().resolve("run.sh");
    Files.writeString(script, "#!/bin/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    home.put("run.sh", "#!/bin/sh\necho\n");
    assertThat(files.stat("d").permissions()).isEqualTo("rwx------");
    assertThat(files.stat("d/secret").permissions()).isEqualTo("rw-------");
    assertThat(files.stat("run.sh").permissions()).isEqualTo("rwx------");
  }

  @Test
  void files_made_for_an_agent_belong_to_it() throws IOException {
    Assumptions.assumeTrue(Files.getAttribute(home.path(), "unix:uid").equals(0), "not root");
    HomeFiles theirs = new HomeFiles(new Home(home.path(), 4711), 1 << 20);
    theirs.write("deep/er/file", utf8("x"), Expected.ANYTHING);
    theirs.makeDirectory("made");
    for (String name : List.of("deep", "deep/er", "deep/er/file", "made")) {
      assertThat(Files.getAttribute(home.path().resolve(name), "unix:uid")).isEqualTo(4711);
      assertThat(Files.getAttribute(home.path().resolve(name), "unix:gid")).isEqualTo(4711);
    }
    Path shadow = home.path().resolve("shadow");
    Files.writeString(home.canary(), "root's");
    Files.setPosixFilePermissions(home.canary(), PosixFilePermissions.fromString("rw-------"));
    Files.createLink(shadow, home.canary());
    refused("foreign-file", () -> theirs.read("shadow", 0, 10));
    refused("foreign-file", () -> theirs.write("shadow", utf8("x"), Expected.ANYTHING));
    assertThat(
            theirs
                .grep(new Search.Content("root", ".", null, false, 0, TestHome.bounds(10)))
                .lines())
        .isEmpty();
    assertThat(Files.readString(home.canary())).isEqualTo("root's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../outside/canary",
        "a/../../x",
        "/etc/passwd",
        "/home/agentx/f",
        "/home/other/f",
        "/home/agent/../other",
        "~/../x",
        "~root/../../x",
        "//etc/passwd",
        "/"
      })
  void nothing_outside_of_the_home_has_a_path(String path) {
    refused("path-outside-home", () -> files.read(path, 0, 10));
    refused("path-outside-home", () -> files.write(path, utf8("x"), Expected.ANYTHING));
    refused("path-outside-home", () -> files.delete(path, true));
    refused("path-outside-home", () -> files.real(path));
  }

  @Test
  void what_no_path_can_be_is_refused() {
    for (String bad : List.of("", "a\0b", "x".repeat(256), "a/".repeat(2100), "\ud800", "\udc80")) {
      refused("bad-path", () -> files.write(bad, utf8("x"), Expected.ANYTHING));
    }
    refused("bad-path", () -> files.delete(".", true));
    refused("is-a-directory", () -> files.write("~", utf8("x"), Expected.ANYTHING));
    refused("file-not-found", () -> files.read("none/none", 0, 1));
  }

  @Test
  void no_line_of_the_traversal_corpus_leaves_the_home() throws IOException {
    int tried = 0;
    for (String line :
        Files.readAllLines(shared("vectors/08-security/path/directory_traversal.txt"))) {
      for (String path : List.of(line, "x/" + line, line.replace("{FILE}", "outside/canary"))) {
        tried++;
        try {
          files.write(path, utf8("overwritten"), Expected.ANYTHING);
          Path real = home.path().resolve(files.real(path)).toRealPath();
          assertThat(real).startsWith(home.path().toRealPath());
          files.delete(path, true);
        } catch (Refusal e) {
          assertThat(e.code())
              .isIn(
                  "path-outside-home",
                  "bad-path",
                  "is-a-directory",
                  "file-not-found",
                  "not-a-directory");
        }
      }
    }
    assertThat(tried).isGreaterThan(300);
    assertThat(Files.readString(home.canary())).isEqualTo(TestHome.CANARY);
    try (var beside = Files.list(home.canary().getParent().getParent())) {
      assertThat(beside).hasSize(2);
    }
  }

  @Test
  void every_naughty_string_is_a_name_or_is_refused() throws IOException {
    JsonNode all = Json.parse(Files.readString(shared("vectors/08-security/naughty/blns.json")));
    int kept = 0;
    for (JsonNode node : all) {
      String path = "n/" + node.asText();
      try {
        files.write(path, utf8(path), Expected.ANYTHING);
        assertThat(home.text(path)).isEqualTo(path);
        kept++;
        files.delete(path, false);
      } catch (Refusal e) {
        assertThat(e.code()).isIn("path-outside-home", "bad-path", "is-a-directory");
      }
    }
    assertThat(kept).isGreaterThan(300);
  }

  @Test
  void names_that_look_alike_are_different_files() {
    home.put("caf\u00e9", "composed");
    home.put("cafe\u0301", "decomposed");
    assertThat(home.text("caf\u00e9")).isEqualTo("composed");
    assertThat(files.list(".", 10).entries()).hasSize(2);
    home.put("\uff0e\uff0e/x", "wide dots are a name");
    home.put("\u2025/x", "so is a leader");
    assertThat(files.list(".", 10).entries()).hasSize(4);
  }

  @Test
  void a_name_that_is_no_text_is_kept_apart_and_survives_its_neighbours() throws Exception {
    byte[] odd = {'a', (byte) 0xff, 'b', (byte) 0xed, (byte) 0xb2, (byte) 0x80};
    assertThat(FileNames.encode(FileNames.decode(odd))).isEqualTo(odd);
    try (Fd top = Posix.openTrusted(home.path())) {
      Posix.makeDirectory(top, FileNames.decode(odd), 0700);
      Set<String> seen = new HashSet<>();
      Posix.names(top, seen::add);
      assertThat(seen).containsExactly(FileNames.decode(odd));
    }
    assertThat(files.list(".", 5).entries().getFirst().path()).startsWith("a\ufffdb");
    home.put("box/file", "x");
    files.delete("box", true);
    assertThat(files.list(".", 5).entries()).hasSize(1);
  }

  @Test
  void links_are_followed_within_the_home_only() throws IOException {
    home.put("real/file", "here");
    link("relative", "real/file");
    link("inner/up", "../real");
    link("absolute", "/home/agent/real");
    link("out", "../outside/canary");
    link("host", home.canary().toString());
    link("etc", "/etc");
    link("sneaky", "real/../../outside/canary");
    link("me", home.path().toString() + "/real");
    link("loop", "loop2");
    link("loop2", "loop");
    link("dangling", "real/made");
    assertThat(home.text("relative")).isEqualTo("here");
    assertThat(home.text("inner/up/file")).isEqualTo("here");
    assertThat(home.text("absolute/file")).isEqualTo("here");
    assertThat(files.real("inner/up/new/er")).isEqualTo("real/new/er");
    assertThat(files.real("absolute")).isEqualTo("real");
    home.put("dangling", "made");
    assertThat(home.text("real/made")).isEqualTo("made");
    for (String bad : List.of("out", "host", "etc/passwd", "sneaky", "me/file")) {
      refused("path-outside-home", () -> files.read(bad, 0, 10));
      refused("path-outside-home", () -> files.write(bad, utf8("x"), Expected.ANYTHING));
      refused("path-outside-home", () -> files.list(bad, 10));
    }
    refused("too-many-links", () -> files.read("loop", 0, 10));
    assertThat(files.stat("out").target()).isEqualTo("../outside/canary");
    files.delete("out", false);
    assertThat(Files.readString(home.canary())).isEqualTo(TestHome.CANARY);
  }

  @Test
  void a_chain_of_forty_links_is_followed_and_no_longer_one() throws IOException {
    home.put("l0", "end");
    for (int i = 1; i <= 41; i++) {
      link("l" + i, "l" + (i - 1));
    }
    assertThat(home.text("l40")).isEqualTo("end");
    refused("too-many-links", () -> files.read("l41", 0, 1));
  }

  @Test
  void pipes_and_sockets_are_refused_at_once() throws Exception {
    Path socket = home.path().resolve("socket");
    try (var channel =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      channel.bind(java.net.UnixDomainSocketAddress.of(socket));
      refused("not-a-file", () -> files.read("socket", 0, 1));
      refused("not-a-file", () -> files.write("socket", utf8("x"), Expected.ANYTHING));
    }
  }

  @Test
  void names_change_and_nothing_is_overwritten() {
    home.put("a/f", "1");
    home.put("b", "2");
    refused("file-exists", () -> files.move("a/f", "b"));
    files.move("a/f", "c/g");
    refused("file-not-found", () -> files.move("a/f", "x"));
    refused("bad-path", () -> files.move("c", "c/d/e"));
    refused("directory-not-empty", () -> files.delete("c", false));
    files.delete("c", true);
    assertThat(files.exists("c/g")).isFalse();
    assertThat(files.makeDirectory("m/n")).isTrue();
    assertThat(files.makeDirectory("m/n")).isFalse();
    refused("file-exists", () -> files.makeDirectory("b"));
    refused("not-a-directory", () -> files.makeDirectory("b/x"));
  }

  @Test
  void a_tree_deeper_than_any_path_is_deleted() {
    String name = "d".repeat(200);
    try (Fd top = Posix.openTrusted(home.path())) {
      Posix.makeDirectory(top, "deep", 0700);
      Fd at = Posix.openDirectory(top, "deep");
      for (int i = 0; i < 700; i++) {
        Posix.makeDirectory(at, name, 0700);
        Fd next = Posix.openDirectory(at, name);
        at.close();
        at = next;
      }
      at.close();
    }
    assertThat(files.usage().used()).isNotNegative();
    files.delete("deep", true);
    assertThat(files.list(".", 5).entries()).isEmpty();
  }

  @Test
  void the_quota_counts_blocks_and_holds_for_writes() throws IOException {
    try (TestHome small = new TestHome(1 << 20)) {
      small.files().write("a", new byte[600_000], Expected.ANYTHING);
      refused(
          "home-quota-exceeded",
          () -> small.files().write("b", new byte[600_000], Expected.ANYTHING));
      small.files().write("a", new byte[700_000], Expected.ANYTHING);
      assertThat(small.files().usage().used()).isBetween(690_000L, 720_000L);
      small.files().delete("a", false);
      small.files().write("b", new byte[600_000], Expected.ANYTHING);
      Files.createLink(small.path().resolve("again"), small.path().resolve("b"));
      small.files().move("b", "c");
      assertThat(small.files().usage().used()).isBetween(590_000L, 620_000L);
    }
  }
}
