package dev.rookery.models;

import java.util.function.Consumer;

/**
 * A language model, as a run sees it. One call is one attempt: no retry inside, so that every
 * attempt can be journaled. Implementations are safe for use by many threads.
 */
public interface ChatModel {
  /**
   * Blocks until the whole answer is there.
   *
   * @param deltas gets pieces of text as they stream; for display only, the answer repeats them
   * @param cancellation closes the provider's stream when it fires
   * @throws ModelFailure classified; {@code CANCELLED} when the cancellation fired
   */
  ModelAnswer answer(ModelRequest request, Consumer<String> deltas, Cancellation cancellation);
}
