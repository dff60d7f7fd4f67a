package dev.rookery.sandbox;

/** A process could not be started: the system refused, or an ingredient is missing. */
final class SpawnFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SpawnFailure(String message) {
    super(message);
  }
}
