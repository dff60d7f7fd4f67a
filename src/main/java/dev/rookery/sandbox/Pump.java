package dev.rookery.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a command writes, always, so that the command never blocks on it; passes on as much as
 * is kept, and throws the rest away.
 */
final class Pump {
  private static final Logger log = LoggerFactory.getLogger(Pump.class);
  private static final int BUFFER = 1 << 16;
  private static final int FLOOD = 100;

  private final InputStream output;
  private final OutputSink sink;
  private final @Nullable StepFiles files;
  private final long limit;
  private final Runnable onFlood;
  private final Thread thread;
  private long total;
  private boolean deaf;

  private Pump(
      InputStream output,
      OutputSink sink,
      @Nullable StepFiles files,
      long limit,
      Runnable onFlood) {
    this.output = output;
    this.sink = sink;
    this.files = files;
    this.limit = limit;
    this.onFlood = onFlood;
    this.thread = Thread.ofPlatform().name("sandbox-output").daemon(true).unstarted(this::run);
  }

  /**
   * Starts reading.
   *
   * @param onFlood called when it wrote a hundred times what is kept, and at least 1 GiB
   */
  static Pump start(
      InputStream output,
      OutputSink sink,
      @Nullable StepFiles files,
      long limit,
      Runnable onFlood) {
    Pump pump = new Pump(output, sink, files, limit, onFlood);
    pump.thread.start();
    return pump;
  }

  private void run() {
    byte[] buffer = new byte[BUFFER];
    try (output) {
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        take(buffer, n);
      }
    } catch (IOException e) {
      log.debug("the output of a command ended: {}", e.toString());
    }
  }

  private void take(byte[] buffer, int n) {
    int fits = Math.clamp(limit - total, 0, n);
    boolean wasBelowFlood = total < flood();
    boolean cutsHere = total <= limit && total + n > limit;
    total += n;
    if (fits > 0) {
      pass(buffer, fits);
    }
    if (cutsHere) {
      byte[] note =
          ("\n[output cut: only the first " + limit + " bytes are kept]\n")
              .getBytes(StandardCharsets.UTF_8);
      pass(note, note.length);
    }
    if (wasBelowFlood && total >= flood()) {
      onFlood.run();
    }
  }

  private long flood() {
    return Math.max(1L << 30, FLOOD * limit);
  }

  private void pass(byte[] bytes, int length) {
    if (files != null) {
      files.write(bytes, length);
    }
    if (deaf) {
      return;
    }
    try {
      sink.write(bytes, length);
    } catch (RuntimeException e) {
      deaf = true;
      log.warn("nobody takes the output of a command any more; it goes on", e);
    }
  }

  /** Waits for the end of the output; what still holds it after this is not waited for. */
  void finish(Duration patience) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!thread.join(patience)) {
        log.warn("something that a command started still holds its output; look at ps");
      }
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
