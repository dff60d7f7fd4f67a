package dev.rookery.models;

import dev.rookery.kernel.Json;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.RecordedExchange.Asked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every exchange that passes through as a file {@code <hash>-<n>.json}, n counting the times
 * this process made the same request. Cancelled exchanges are not kept: their end is ours.
 */
final class RecordingTransport implements Transport {
  private static final Set<String> KEPT_HEADERS =
      Set.of("content-type", "retry-after", "retry-after-ms", "date");
  private static final Set<String> SECRET_HEADERS = Set.of("authorization", "x-api-key");
  private static final String REMOVED = "[removed]";

  private final Transport inner;
  private final Path directory;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  RecordingTransport(Transport inner, Path directory) {
    this.inner = inner;
    this.directory = directory;
  }

  static String fileName(String sha256, int n) {
    return sha256.substring(0, 32) + "-" + n + ".json";
  }

  @Override
  public Reply send(Call call, Cancellation cancellation) {
    Reply reply = inner.send(call, cancellation);
    return new Reply(reply.status(), reply.headers(), new Tape(call, reply));
  }

  /** Passes a body on and keeps a copy. */
  private final class Tape implements Body {
    private final Call call;
    private final Reply reply;
    private final List<byte[]> chunks = new ArrayList<>();
    private boolean saved;

    Tape(Call call, Reply reply) {
      this.call = call;
      this.reply = reply;
    }

    @Override
    public byte @Nullable [] next() {
      try {
        byte[] piece = reply.body().next();
        if (piece == null) {
          save(true);
        } else {
          chunks.add(piece);
        }
        return piece;
      } catch (ModelFailure failure) {
        if (failure.reason() != Reason.CANCELLED) {
          save(false);
        }
        throw failure;
      }
    }

    @Override
    public void finish() {
      save(true);
      reply.body().finish();
    }

    @Override
    public void close() {
      reply.body().close();
    }

    private void save(boolean complete) {
      if (saved) {
        return;
      }
      saved = true;
      List<String> secrets = secrets(call);
      Asked asked = Asked.of(call);
      Asked clean =
          new Asked(
              asked.provider(),
              asked.path(),
              asked.sha256(),
              Json.parse(without(secrets, asked.body().toString())));
      Map<String, String> headers = new TreeMap<>(reply.headers());
      headers.keySet().retainAll(KEPT_HEADERS);
      var exchange =
          new RecordedExchange(clean, reply.status(), headers, without(secrets, chunks), complete);
      write(fileName(asked.sha256(), counts.merge(asked.sha256(), 1, Integer::sum)), exchange);
    }
  }

  private void write(String name, RecordedExchange exchange) {
    try {
      Files.createDirectories(directory);
      Path part = Files.createTempFile(directory, name, ".part");
      Files.writeString(part, exchange.json());
      Files.move(part, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record a model exchange in " + directory, e);
    }
  }

  private static List<String> secrets(Call call) {
    List<String> secrets = new ArrayList<>();
    call.headers()
        .forEach(
            (name, values) -> {
              if (SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(v -> secrets.add(v.replaceFirst("^Bearer ", "")));
              }
            });
    secrets.removeIf(String::isBlank);
    return secrets;
  }

  private static String without(List<String> secrets, String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, REMOVED);
    }
    return clean;
  }

  /** A secret may be cut by a border between chunks, so a body that holds one becomes one chunk. */
  private static List<byte[]> without(List<String> secrets, List<byte[]> chunks) {
    StringBuilder whole = new StringBuilder();
    chunks.forEach(c -> whole.append(new String(c, StandardCharsets.ISO_8859_1)));
    String clean = without(secrets, whole.toString());
    return clean.contentEquals(whole)
        ? List.copyOf(chunks)
        : List.of(clean.getBytes(StandardCharsets.ISO_8859_1));
  }
}
