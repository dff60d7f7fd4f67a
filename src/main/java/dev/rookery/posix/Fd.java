package dev.rookery.posix;

/** An open file or directory. */
public record Fd(int number) implements AutoCloseable {
  @Override
  public void close() {
    Posix.close(this);
  }
}
