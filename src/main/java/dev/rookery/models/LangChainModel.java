package dev.rookery.models;

import java.util.function.Consumer;

/**
 * A provider's model over LangChain4j, which builds requests and assembles answers. The HTTP
 * exchange below and the reading of stops and errors are ours: LangChain4j 1.19 has no time-out
 * between bytes, takes a stream that breaks off for a whole answer, and hides Retry-After.
 */
final class LangChainModel implements ChatModel {
  private final Provider provider;
  private final Dialect dialect;
  private final Transport transport;

  LangChainModel(Provider provider, Dialect dialect, Transport transport) {
    this.provider = provider;
    this.dialect = dialect;
    this.transport = transport;
  }

  /** Builds LangChain4j's client anew: it costs microseconds and carries nothing between calls. */
  @Override
  public ModelAnswer answer(
      ModelRequest request, Consumer<String> deltas, Cancellation cancellation) {
    StreamWatch watch = dialect.watch();
    AnswerCollector collector = new AnswerCollector(provider, deltas);
    WireClient http = new WireClient(provider, transport, watch, cancellation);
    dialect.client(request, http.builder()).chat(Conversation.of(request), collector);
    return collector.answer(dialect, watch, request);
  }
}
