package dev.rookery.models;

import java.util.Optional;

/** Where the façade gets the models themselves; the seam at which tests put their own. */
interface ModelSource extends AutoCloseable {
  /**
   * @throws dev.rookery.kernel.Refusal {@code model-not-configured}
   */
  ChatModel model(ModelChoice choice);

  /** The first model that a reachable Ollama lists. */
  Optional<String> firstOllamaModel();

  boolean scriptExists(String name);

  @Override
  void close();
}
