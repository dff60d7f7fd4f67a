package dev.rookery.tools;

import java.nio.charset.StandardCharsets;

/**
 * Replaces text in a file of which not every byte need be text. Works on one character per byte, so
 * that all else stays as it is: bytes that are no UTF-8, the byte order mark, line ends.
 */
final class EditRules {
  private EditRules() {}

  /** What came of an edit. */
  sealed interface Edited {
    @SuppressWarnings("ArrayRecordComponent")
    record Done(byte[] bytes, int places) implements Edited {}

    /** A sentence that tells the model what to do better. */
    record Refused(String why) implements Edited {}
  }

  /**
   * What to replace.
   *
   * @param all every place; else there must be exactly one
   */
  record Edit(String oldText, String newText, boolean all) {}

  static Edited apply(byte[] before, Edit edit) {
    if (edit.oldText().isEmpty()) {
      return new Edited.Refused("The old text is empty; to write a whole file use write_file.");
    }
    if (edit.oldText().equals(edit.newText())) {
      return new Edited.Refused("The old and the new text are the same; nothing to do.");
    }
    String text = new String(before, StandardCharsets.ISO_8859_1);
    if (text.indexOf('\0') >= 0) {
      return new Edited.Refused("This is a binary file; it cannot be edited as text.");
    }
    boolean windows = windowsLines(text);
    String old = bytes(edit.oldText(), windows);
    String fresh = bytes(edit.newText(), windows);
    if (windows && count(text, old) == 0) {
      old = bytes(edit.oldText(), false); // a file of mixed line ends
    }
    int places = count(text, old);
    if (places == 0) {
      return new Edited.Refused(notFound(text, edit.oldText()));
    }
    if (places > 1 && !edit.all()) {
      return new Edited.Refused(
          "The old text occurs %d times; give more of the lines around it, or say replace_all."
              .formatted(places));
    }
    String after = text.replace(old, fresh);
    return new Edited.Done(after.getBytes(StandardCharsets.ISO_8859_1), places);
  }

  /** Whether most lines end with CR LF. */
  private static boolean windowsLines(String text) {
    return count(text, "\r\n") * 2 > count(text, "\n");
  }

  private static String bytes(String text, boolean windows) {
    String ends = windows ? text.replace("\r\n", "\n").replace("\n", "\r\n") : text;
    return new String(ends.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private static String notFound(String text, String old) {
    String first = old.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    int at = first.isEmpty() ? -1 : text.indexOf(bytes(first, false));
    if (at < 0) {
      return "The old text is not in the file. Read the file again and copy it exactly.";
    }
    long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    return ("The old text is not in the file as it stands; its first line resembles line %d. Check"
            + " indentation and line breaks there, without the line numbers of read_file.")
        .formatted(line);
  }
}
