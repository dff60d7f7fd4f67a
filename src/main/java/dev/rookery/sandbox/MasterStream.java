package dev.rookery.sandbox;

import dev.rookery.posix.Libc;
import dev.rookery.posix.Machine;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The keyboard's side of a terminal, read and written by its descriptor. */
final class MasterStream extends OutputStream {
  private static final boolean ARM = Libc.machine() == Machine.AARCH64;
  private static final int READ = ARM ? 63 : 0;
  private static final int WRITE = ARM ? 64 : 1;

  private final int descriptor;

  MasterStream(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Bytes read; 0 or less at the end, which a terminal tells as an error. */
  static int read(int descriptor, MemorySegment into) {
    long n;
    do {
      n = Libc.call(READ, descriptor, into.address(), into.byteSize());
    } while (n == -Libc.EINTR);
    return (int) n;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, length));
      MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, 0, length);
      long done = 0;
      while (done < length) {
        long n = Libc.call(WRITE, descriptor, memory.address() + done, length - done);
        if (n < 0 && n != -Libc.EINTR) {
          throw new IOException("writing to a terminal failed with error " + -n);
        }
        done += Math.max(0, n);
      }
    }
  }
}
