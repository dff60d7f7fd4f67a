package dev.rookery.sandbox;

import dev.rookery.posix.Libc;
import dev.rookery.posix.Streams;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.Plan;
import dev.rookery.sandbox.confinement.Tier;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process that a tier started, with pipes to it.
 *
 * @param input null when it reads nothing
 * @param status what bubblewrap says about it
 * @param exit its exit code, once it ended
 */
record Child(
    long pid,
    @Nullable OutputStream input,
    InputStream output,
    InputStream status,
    CompletableFuture<Integer> exit) {

  /** Starts the plan; both outputs of the process go to one pipe, so that their order is kept. */
  static Child start(Confinement confinement, Plan plan, boolean reads) {
    int[] out = Libc.pipe();
    int[] status = Libc.pipe();
    int[] in = reads ? Libc.pipe() : new int[] {Libc.above(Libc.open("/dev/null", 0)), -1};
    Map<Integer, Integer> descriptors = new HashMap<>();
    descriptors.put(0, in[0]);
    descriptors.put(1, out[1]);
    descriptors.put(2, out[1]);
    if (confinement.tier() == Tier.BWRAP) {
      descriptors.put(Confinement.STATUS, status[1]);
    }
    // So that the command can open /dev/stdout, whose owner we would else be.
    Libc.own(out[1], plan.home().user());
    long pid;
    try {
      pid = confinement.start(plan, descriptors);
    } catch (RuntimeException e) {
      Libc.close(out[0]);
      Libc.close(status[0]);
      if (reads) {
        Libc.close(in[1]);
      }
      throw e;
    } finally {
      Libc.close(in[0]);
      Libc.close(out[1]);
      Libc.close(status[1]);
    }
    return new Child(
        pid,
        reads ? Streams.writing(in[1]) : null,
        Streams.reading(out[0]),
        Streams.reading(status[0]),
        exit(pid));
  }

  /** The JDK watches for the end and leaves the collecting to us, who started it. */
  static CompletableFuture<Integer> exit(long pid) {
    int gone = 255;
    return ProcessHandle.of(pid)
        .map(ProcessHandle::onExit)
        .orElseGet(() -> CompletableFuture.completedFuture(null))
        .thenApply(
            _ -> {
              OptionalInt code = Libc.reap(pid);
              return code.orElse(gone);
            });
  }
}
