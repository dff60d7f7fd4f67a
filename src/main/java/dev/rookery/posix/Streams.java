package dev.rookery.posix;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/** Descriptors as streams: the same pipe or file, opened anew by the JDK, so that it owns it. */
public final class Streams {
  private Streams() {}

  /** Takes the descriptor over; close the stream. */
  public static InputStream reading(int descriptor) {
    try {
      return new FileInputStream("/proc/self/fd/" + descriptor);
    } catch (FileNotFoundException e) {
      throw new SpawnFailure("a pipe could not be opened: " + e.getMessage());
    } finally {
      Libc.close(descriptor);
    }
  }

  /** Takes the descriptor over; close the stream. */
  public static OutputStream writing(int descriptor) {
    try {
      return new FileOutputStream("/proc/self/fd/" + descriptor);
    } catch (FileNotFoundException e) {
      throw new SpawnFailure("a pipe could not be opened: " + e.getMessage());
    } finally {
      Libc.close(descriptor);
    }
  }
}
