package dev.rookery.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** How large a terminal is now; the JDK does not say. */
public record TerminalSize(int columns, int rows) {
  private static final long LINUX = 0x5413;
  private static final long MAC = 0x40087468;

  /**
   * Empty when the descriptor is no terminal, or the system does not say.
   *
   * @param descriptor such as 1 for stdout
   */
  @SuppressWarnings("restricted")
  public static Optional<TerminalSize> of(int descriptor) {
    long question = System.getProperty("os.name", "").startsWith("Mac") ? MAC : LINUX;
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      MethodHandle ioctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
              Linker.Option.firstVariadicArg(2));
      MemorySegment size = arena.allocate(JAVA_SHORT, 4);
      int failed = (int) ioctl.invokeExact(descriptor, question, size);
      int rows = Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 0));
      int columns = Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1));
      return failed != 0 || rows == 0 || columns == 0
          ? Optional.empty()
          : Optional.of(new TerminalSize(columns, rows));
    } catch (Throwable _) {
      return Optional.empty();
    }
  }
}
