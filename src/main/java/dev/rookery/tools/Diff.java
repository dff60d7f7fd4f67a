package dev.rookery.tools;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import dev.rookery.homes.HomeFiles;
import dev.rookery.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Unified diffs, as {@code patch} reads them. */
final class Diff {
  private static final int CONTEXT = 3;
  private static final int MAX_COMPARED = 6_000;
  private static final int MAX_PREVIEWED = 8 << 20;
  private static final String NO_NEWLINE = "\n\\ No newline at end of file";

  private Diff() {}

  /** Lines {@code [from, to)} of the old text become {@code [newFrom, newTo)} of the new one. */
  private record Hunk(int from, int to, int newFrom, int newTo) {}

  /** Bytes as text, for people; what is no UTF-8 becomes U+FFFD. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** What writing the text would change. */
  static String preview(HomeFiles files, String path, String after) {
    HomeFiles.Slice now;
    try {
      now = files.read(path, 0, MAX_PREVIEWED);
    } catch (Refusal e) {
      return e.code().equals("file-not-found")
          ? unified(path, "", after)
          : "This would fail: " + e.getMessage();
    }
    String before = text(now.bytes());
    if (now.more() || before.indexOf('\0') >= 0) {
      return "Replaces '%s' (binary or very large, %d bytes) by:\n%s"
          .formatted(path, now.size(), after);
    }
    return unified(path, before, after);
  }

  /** Empty when nothing differs. */
  static String unified(String path, String before, String after) {
    List<String> old = lines(before);
    List<String> fresh = lines(after);
    List<Hunk> changes = changes(old, fresh);
    if (changes.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    out.append("--- a/").append(path).append("\n+++ b/").append(path).append('\n');
    int start = 0;
    for (int i = 1; i <= changes.size(); i++) {
      boolean apart =
          i == changes.size() || changes.get(i).from() - changes.get(i - 1).to() > 2 * CONTEXT;
      if (apart) {
        render(out, old, fresh, changes.subList(start, i));
        start = i;
      }
    }
    return out.toString();
  }

  /** A last line without its end is not the same as one with it. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    String last = lines.removeLast();
    if (!last.isEmpty()) {
      lines.add(last + NO_NEWLINE);
    }
    return lines;
  }

  private static List<Hunk> changes(List<String> old, List<String> fresh) {
    int start = 0;
    while (start < Math.min(old.size(), fresh.size()) && old.get(start).equals(fresh.get(start))) {
      start++;
    }
    int oldEnd = old.size();
    int newEnd = fresh.size();
    while (oldEnd > start && newEnd > start && old.get(oldEnd - 1).equals(fresh.get(newEnd - 1))) {
      oldEnd--;
      newEnd--;
    }
    if (oldEnd == start && newEnd == start) {
      return List.of();
    }
    if (oldEnd - start + newEnd - start > MAX_COMPARED) {
      return List.of(new Hunk(start, oldEnd, start, newEnd));
    }
    int skipped = start;
    return DiffUtils.diff(old.subList(start, oldEnd), fresh.subList(start, newEnd))
        .getDeltas()
        .stream()
        .map(delta -> hunk(delta, skipped))
        .toList();
  }

  private static Hunk hunk(AbstractDelta<String> delta, int skipped) {
    int from = delta.getSource().getPosition() + skipped;
    int newFrom = delta.getTarget().getPosition() + skipped;
    return new Hunk(
        from, from + delta.getSource().size(), newFrom, newFrom + delta.getTarget().size());
  }

  private static void render(
      StringBuilder out, List<String> old, List<String> fresh, List<Hunk> changes) {
    int from = Math.max(0, changes.getFirst().from() - CONTEXT);
    int to = Math.min(old.size(), changes.getLast().to() + CONTEXT);
    int newFrom = changes.getFirst().newFrom() - (changes.getFirst().from() - from);
    int newTo = changes.getLast().newTo() + (to - changes.getLast().to());
    out.append("@@ -")
        .append(range(from, to))
        .append(" +")
        .append(range(newFrom, newTo))
        .append(" @@\n");
    int at = from;
    for (Hunk change : changes) {
      print(out, ' ', old.subList(at, change.from()));
      print(out, '-', old.subList(change.from(), change.to()));
      print(out, '+', fresh.subList(change.newFrom(), change.newTo()));
      at = change.to();
    }
    print(out, ' ', old.subList(at, to));
  }

  private static String range(int from, int to) {
    return (from == to ? from : from + 1) + "," + (to - from);
  }

  private static void print(StringBuilder out, char mark, List<String> lines) {
    lines.forEach(line -> out.append(mark).append(line).append('\n'));
  }
}
