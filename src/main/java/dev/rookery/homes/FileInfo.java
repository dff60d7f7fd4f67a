package dev.rookery.homes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a home, for people and models.
 *
 * @param path below the home, without a leading slash; odd bytes of a name are shown as U+FFFD
 * @param kind {@code file}, {@code directory}, {@code symlink} or {@code special}
 * @param size in bytes
 * @param mode the lower nine bits, such as 0644
 * @param target of a symbolic link, else null
 */
public record FileInfo(
    String path, String kind, long size, int mode, Instant modified, @Nullable String target) {
  public boolean isDirectory() {
    return kind.equals("directory");
  }

  public boolean isFile() {
    return kind.equals("file");
  }

  /** As {@code ls} spells it, such as {@code rw-r--r--}. */
  public String permissions() {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return text.toString();
  }
}
