package dev.rookery.posix;

/** A process could not be started: the system refused, or an ingredient is missing. */
public final class SpawnFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SpawnFailure(String message) {
    super(message);
  }
}
