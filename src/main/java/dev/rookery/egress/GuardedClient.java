package dev.rookery.egress;

import dev.rookery.egress.Terms.Redirects;
import dev.rookery.kernel.Refusal;
import dev.rookery.models.Cancellation;
import dev.rookery.secrets.Redactor;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * The one HTTP client of tools and sandboxes (spec 03). A name is resolved once, all its addresses
 * are vetted, and the connection goes to one of these; TLS is checked against the host of the URL.
 * No proxies of the environment, no cookies, no kept-alive connections: one that was kept may break
 * just when it is used again, and nobody could tell whether the request took effect.
 */
public final class GuardedClient implements AutoCloseable {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<String> KEPT_ACROSS_HOSTS =
      Set.of("accept", "accept-language", "user-agent");

  private final Names names;
  private final SSLContext tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** With the names and the certificates that this machine knows. */
  public GuardedClient() {
    this(Names.SYSTEM, SSLContexts.createSystemDefault());
  }

  public GuardedClient(Names names, SSLContext tls) {
    this.names = names;
    this.tls = tls;
  }

  /** Whether a place may be connected to, and at which addresses. */
  Vetting vet(WebAddress address, Reach reach) {
    return Vetting.of(address, reach, names);
  }

  /** Makes something of an answer while it arrives. */
  public interface Reader<T> {
    T read(Answer answer) throws IOException;
  }

  /**
   * Sends the request and reads the answer, within the time-out.
   *
   * @param redactor takes the values of secrets out of answers and messages
   */
  public <T> Ending<T> perform(
      GuardedRequest request,
      Terms terms,
      Redactor redactor,
      Cancellation cancellation,
      Reader<T> reader) {
    if (cancellation.cancelled()) {
      return new Ending.NotSent<>("the run was cancelled");
    }
    Attempt attempt = new Attempt();
    CompletableFuture<Ending<T>> ending =
        CompletableFuture.supplyAsync(
            () -> new Hops<>(terms, redactor, attempt, reader).from(request), threads);
    try (Cancellation.Registration _ = cancellation.onCancel(() -> ending.cancel(true))) {
      return ending.get(terms.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return attempt.end("no answer within " + terms.timeout().toMillis() + " ms");
    } catch (java.util.concurrent.CancellationException e) {
      return attempt.end("the run was cancelled while the call was under way");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return attempt.end("the server stopped while the call was under way");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exchange ended without an ending", e.getCause());
    } finally {
      attempt.abort();
    }
  }

  /** The hops of one exchange, each vetted anew. */
  private final class Hops<T> {
    private final Terms terms;
    private final Redactor redactor;
    private final Attempt attempt;
    private final Reader<T> reader;

    Hops(Terms terms, Redactor redactor, Attempt attempt, Reader<T> reader) {
      this.terms = terms;
      this.redactor = redactor;
      this.attempt = attempt;
      this.reader = reader;
    }

    Ending<T> from(GuardedRequest first) {
      GuardedRequest request = first;
      for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
        GuardedHop.Outcome<T> outcome = hop(request);
        switch (outcome) {
          case GuardedHop.Over<T>(var ending) -> {
            return ending;
          }
          case GuardedHop.Onward<T>(var location) -> {
            try {
              request = next(request, location);
            } catch (Refusal e) {
              return new Ending.NotSent<>("a redirect was not followed. " + e.getMessage());
            }
          }
        }
      }
      return new Ending.Broken<>("more than " + MOST_REDIRECTS + " redirects");
    }

    private GuardedHop.Outcome<T> hop(GuardedRequest request) {
      return switch (vet(request.address(), terms.reach())) {
        case Vetting.Refused(var why) -> new GuardedHop.Over<>(new Ending.NotSent<>(why));
        case Vetting.Passed(var addresses) ->
            new GuardedHop(tls, addresses, terms, redactor, attempt)
                .perform(request, reader, location -> follows(request, location));
      };
    }

    private boolean follows(GuardedRequest request, String location) {
      if (!request.safe() || terms.redirects() == Redirects.NONE) {
        return false;
      }
      try {
        return terms.redirects() == Redirects.ANY
            || request.address().resolve(location).host().equals(request.address().host());
      } catch (Refusal e) {
        return terms.redirects() == Redirects.ANY;
      }
    }

    private GuardedRequest next(GuardedRequest request, String location) {
      WebAddress target = request.address().resolve(location);
      boolean same = request.address().sameOrigin(target);
      if (!same && redactor.finds(location)) {
        throw Refusal.badInput("bad-redirect", "It would have carried a secret to another place.");
      }
      return request.at(
          target,
          field ->
              same || KEPT_ACROSS_HOSTS.contains(field.name().toLowerCase(java.util.Locale.ROOT)));
    }
  }

  /** How long a connection may take: so that the whole time-out does not end it first. */
  static Duration connectTimeout(Duration timeout) {
    Duration most = timeout.multipliedBy(4).dividedBy(5);
    return most.compareTo(Duration.ofSeconds(10)) < 0 ? most : Duration.ofSeconds(10);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
