package dev.rookery.models;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as the providers' clients need it: a status, headers, and a body that comes in pieces. The
 * live one talks to the network; recording and replay stand in front of it or in its place.
 */
interface Transport {
  /**
   * Blocks until the headers are there.
   *
   * @throws ModelFailure {@code UNAVAILABLE} when nobody answers, {@code CANCELLED}
   */
  Reply send(Call call, Cancellation cancellation);

  /** A request with a JSON body. Headers hold keys: never print them. */
  record Call(Provider provider, String url, Map<String, List<String>> headers, String body) {
    public Call {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return provider + " " + url;
    }
  }

  /** Header names in lower case. */
  record Reply(int status, Map<String, String> headers, Body body) {
    public Reply {
      headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  /** A body as it arrives. Closing early closes the stream at the provider. */
  interface Body extends AutoCloseable {
    /**
     * The next piece, or null at the end.
     *
     * @throws ModelFailure {@code UNAVAILABLE} on a stall or a drop, {@code CANCELLED}
     */
    byte @Nullable [] next();

    /** The reader has the whole answer, even where the stream goes on. */
    default void finish() {}

    @Override
    void close();
  }
}
