package dev.rookery.sandbox;

/** An open file or directory. */
record Fd(int number) implements AutoCloseable {
  @Override
  public void close() {
    Posix.close(this);
  }
}
