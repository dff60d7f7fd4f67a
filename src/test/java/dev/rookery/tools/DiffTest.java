package dev.rookery.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.tools.EditRules.Edit;
import dev.rookery.tools.EditRules.Edited;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class DiffTest {
  private static final Pattern HEADER = Pattern.compile("@@ -(\\d+),(\\d+) \\+(\\d+),(\\d+) @@");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a\n", "b\n", "c\r\n", "\n", "é", "-x\n", "+y\n", "\\ z\n", "d")
        .list()
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1000)
  void a_diff_makes_the_new_text_of_the_old_one(
      @ForAll("texts") String before, @ForAll("texts") String after) {
    String diff = Diff.unified("f", before, after);
    assertThat(diff.isEmpty()).isEqualTo(before.equals(after));
    assertThat(apply(before, diff)).isEqualTo(after);
  }

  @Property(tries = 10)
  void a_large_difference_is_still_a_right_one(@ForAll("texts") String after) {
    String before = "many\nlines\n".repeat(4_000);
    assertThat(apply(before, Diff.unified("f", before, after))).isEqualTo(after);
  }

  @Property(tries = 300)
  void an_edit_replaces_what_was_said_and_nothing_else(
      @ForAll("texts") String head, @ForAll("texts") String tail, @ForAll("texts") String fresh) {
    String head2 = head.replace("\r", "");
    String tail2 = tail.replace("\r", "");
    String fresh2 = fresh.replace("\r", "");
    byte[] bytes = (head2 + "NEEDLE" + tail2).getBytes(StandardCharsets.UTF_8);
    Edited edited = EditRules.apply(bytes, new Edit("NEEDLE", fresh2, false));
    assertThat(edited).isInstanceOf(Edited.Done.class);
    assertThat(new String(((Edited.Done) edited).bytes(), StandardCharsets.UTF_8))
        .isEqualTo(head2 + fresh2 + tail2);
  }

  /** As patch(1) does it. */
  private static String apply(String before, String diff) {
    List<String> old = new ArrayList<>(List.of(before.split("(?<=\n)")));
    if (before.isEmpty()) {
      old.clear();
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    String[] lines = diff.split("\n", -1);
    for (int i = 2; i < lines.length - 1; i++) {
      Matcher header = HEADER.matcher(lines[i]);
      if (header.matches()) {
        int count = Integer.parseInt(header.group(2));
        int from = Integer.parseInt(header.group(1)) - (count == 0 ? 0 : 1);
        while (at < from) {
          out.append(old.get(at++));
        }
        continue;
      }
      boolean open = lines[i + 1].equals("\\ No newline at end of file");
      String text = lines[i].substring(1) + (open ? "" : "\n");
      switch (lines[i].charAt(0)) {
        case ' ' -> {
          assertThat(old.get(at++)).isEqualTo(text);
          out.append(text);
        }
        case '-' -> assertThat(old.get(at++)).isEqualTo(text);
        case '+' -> out.append(text);
        default -> assertThat(lines[i]).isEqualTo("\\ No newline at end of file");
      }
    }
    while (at < old.size()) {
      out.append(old.get(at++));
    }
    return out.toString();
  }
}
