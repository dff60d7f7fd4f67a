package dev.rookery.secrets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Looks for many texts at once in what a test found; knows nothing of how secrets are redacted. */
final class Needles {
  /** As long as the shortest text that can be looked for. */
  private static final int KEY = 8;

  private final Map<Long, List<Needle>> byBeginning = new HashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Needle(byte[] bytes, String label) {}

  void add(String text, String label) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < KEY) {
      throw new IllegalArgumentException(label + " is too short to be looked for");
    }
    byBeginning
        .computeIfAbsent(key(bytes, 0), _ -> new ArrayList<>())
        .add(new Needle(bytes, label));
  }

  private static long key(byte[] bytes, int at) {
    long key = 0;
    for (int i = at; i < at + KEY; i++) {
      key = (key << 8) | (bytes[i] & 0xff);
    }
    return key;
  }

  /** Labels of what the text holds. */
  Set<String> in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  Set<String> in(byte[] hay) {
    Set<String> found = new TreeSet<>();
    long key = 0;
    for (int end = 1; end <= hay.length; end++) {
      key = (key << 8) | (hay[end - 1] & 0xff);
      List<Needle> candidates = end < KEY ? null : byBeginning.get(key);
      if (candidates != null) {
        collect(candidates, hay, end - KEY, found);
      }
    }
    return found;
  }

  private static void collect(List<Needle> candidates, byte[] hay, int at, Set<String> found) {
    for (Needle needle : candidates) {
      int end = at + needle.bytes().length;
      if (end <= hay.length
          && Arrays.equals(hay, at, end, needle.bytes(), 0, needle.bytes().length)) {
        found.add(needle.label());
      }
    }
  }
}
