package dev.rookery.homes;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SearchTest {
  private final TestHome home = new TestHome();
  private final HomeFiles files = home.files();

  @AfterEach
  void close() {
    home.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.md|a.md|true",
        "*.md|d/a.md|false",
        "**/*.md|a.md|true",
        "**/*.md|x/y/a.md|true",
        "src/**|src/a/b|true",
        "src/**/t.c|src/t.c|true",
        "a?c|abc|true",
        "a?c|a/c|false",
        "[a-c].x|b.x|true",
        "[!a-c].x|b.x|false",
        "*.{md,txt}|n.txt|true",
        "*.{md,txt}|n.c|false",
        "a.b|axb|false",
        "(x)+|(x)+|true",
        "{a,b{c,d}}|bd|true",
        "a**b|axxb|true",
        "\\*|*|true"
      })
  void globs_mean_what_they_mean_elsewhere(String glob, String path, boolean matches) {
    assertThat(Glob.of(glob).matches(path)).isEqualTo(matches);
  }

  @Test
  void patterns_that_cannot_be_used_are_refused() {
    refused("bad-glob", () -> Glob.of("[a"));
    refused("bad-glob", () -> Glob.of("{a,b"));
    refused("bad-glob", () -> Glob.of("x".repeat(1001)));
    refused("bad-regex", () -> grep("(a", null, 0));
    refused("bad-regex", () -> grep("(a)\\1", null, 0));
  }

  private List<String> glob(String pattern) {
    return files.glob(new Search.Names(pattern, ".", TestHome.bounds(100))).lines();
  }

  private Search.Result grep(String regex, String include, int context) {
    return files.grep(
        new Search.Content(regex, ".", include, false, context, TestHome.bounds(100)));
  }

  @Test
  void files_are_found_by_name_in_order() {
    for (String path : List.of("b.md", "a.md", "n/c.md", "n/d.txt", ".git/x.md", ".hidden/e.md")) {
      home.put(path, "x");
    }
    assertThat(glob("**/*.md")).containsExactly(".hidden/e.md", "a.md", "b.md", "n/c.md");
    assertThat(glob("n/*")).containsExactly("n/c.md", "n/d.txt");
    assertThat(glob("*.md")).containsExactly("a.md", "b.md");
    assertThat(files.glob(new Search.Names("*.md", "n", TestHome.bounds(9))).lines())
        .containsExactly("n/c.md");
    var few = files.glob(new Search.Names("**", ".", TestHome.bounds(2)));
    assertThat(few.lines()).hasSize(2);
    assertThat(few.notes()).anyMatch(note -> note.contains("first 2"));
    refused("path-outside-home", () -> glob("../outside/*"));
    refused("path-outside-home", () -> glob("/etc/*"));
  }

  @Test
  void lines_are_found_with_what_stands_around_them() {
    home.put("a.txt", "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\r\nseven\r\neight\r\ntwo\r\n");
    home.put("b.md", "two\n");
    home.put("c.bin", "two\0two");
    assertThat(grep("^two$", "*.txt", 1).lines())
        .containsExactly(
            "a.txt-1-one", "a.txt:2:two", "a.txt-3-three", "--", "a.txt-8-eight", "a.txt:9:two");
    assertThat(grep("two", null, 0).matches()).isEqualTo(3);
    assertThat(
            files
                .grep(new Search.Content("TWO", "b.md", null, true, 0, TestHome.bounds(5)))
                .lines())
        .containsExactly("b.md:1:two");
  }

  @Test
  void long_lines_bytes_that_are_no_text_and_ends_without_a_newline_do_no_harm()
      throws IOException {
    home.put("long", "x".repeat(300_000) + "\nend é");
    Files.write(home.path().resolve("odd"), new byte[] {'o', 'k', (byte) 0xff, '\n', (byte) 0xc3});
    assertThat(grep("x", "long", 0).lines().getFirst()).hasSizeLessThan(600);
    assertThat(grep("end .$", null, 0).matches()).isEqualTo(1);
    assertThat(grep("ok", "odd", 0).lines()).containsExactly("odd:1:ok\ufffd");
    LinePage page = files.lines("long", 1, 10);
    assertThat(page.lines().getFirst()).endsWith("[line cut]");
    assertThat(page.lines().get(1)).isEqualTo("end é");
    home.put("split", "é".repeat(LinePage.MAX_LINE));
    assertThat(files.lines("split", 1, 1).lines().getFirst()).doesNotContain("\ufffd");
  }

  @Test
  void a_search_ends_when_its_time_is_over_or_nobody_waits() {
    home.put("a", "x");
    var late = new Search.Bounds(false, 9, Duration.ofNanos(-1), () -> false);
    var left = new Search.Bounds(false, 9, Duration.ofSeconds(9), () -> true);
    for (Search.Bounds bounds : List.of(late, left)) {
      var result = files.grep(new Search.Content("x", ".", null, false, 0, bounds));
      assertThat(result.lines()).isEmpty();
      assertThat(result.notes()).anyMatch(note -> note.contains("ended before"));
    }
  }

  @Test
  void a_hundred_megabytes_are_read_by_lines_without_being_held() throws IOException {
    Path big = home.path().resolve("big");
    byte[] block = ("y".repeat(99) + "\n").repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = Files.newOutputStream(big)) {
      for (int i = 0; i < 100; i++) {
        out.write(block);
      }
      out.write("needle\n".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(files.lines("big", 1_000_001, 5).lines()).containsExactly("needle");
    assertThat(files.lines("big", 1, 1_000_000).lines()).hasSizeLessThan(2_100);
    assertThat(grep("needle", null, 0).lines()).containsExactly("big:1000001:needle");
  }

  @Test
  void a_pipe_stops_no_search() throws Exception {
    home.put("a", "x");
    Process mkfifo = new ProcessBuilder("mkfifo", home.path().resolve("pipe").toString()).start();
    assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(mkfifo.exitValue()).isZero();
    assertThat(grep("x", null, 0).matches()).isEqualTo(1);
    refused("not-a-file", () -> files.read("pipe", 0, 1));
    refused("not-a-file", () -> home.put("pipe", "x"));
    assertThat(files.list(".", 9).entries())
        .extracting(FileInfo::kind)
        .containsExactly("file", "special");
  }

  @Test
  void a_big_tree_is_walked() throws IOException {
    for (int d = 0; d < 20; d++) {
      Path directory = Files.createDirectory(home.path().resolve("d" + d));
      for (int f = 0; f < 500; f++) {
        Files.createFile(directory.resolve("f" + f));
      }
    }
    var all = files.glob(new Search.Names("**/f499", ".", TestHome.bounds(100)));
    assertThat(all.lines()).hasSize(20);
  }
}
