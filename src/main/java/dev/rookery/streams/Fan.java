package dev.rookery.streams;

import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalRecord;
import dev.rookery.journal.Signals;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.runs.TokenDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One organization's readers on this node. A single thread reads what is new, once, and wakes those
 * whom it concerns. It ends with the last reader.
 */
final class Fan {
  private static final Logger log = LoggerFactory.getLogger(Fan.class);
  private static final long POLL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PACE_PER_READER_NANOS = 40_000;
  private static final long MAX_PACE_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LEAST_PACE_NANOS = Duration.ofMillis(1).toNanos();
  private static final long MAX_PAUSE_MILLIS = 5_000;
  private static final int PAGE = 500;
  private static final int PAGES_AT_ONCE = 4;
  private static final int ITEMS_AT_ONCE = 256;
  private static final long WEIGHT_AT_ONCE = 1 << 18;

  private final OrgId org;
  private final Journal journal;
  private final Runnable onRevocation;
  private final ReentrantLock lock = new ReentrantLock();
  private final Ring ring;
  private final Set<Reader> readers = new LinkedHashSet<>();
  private final TokenBuffer tokens = new TokenBuffer();
  private final AtomicBoolean commits = new AtomicBoolean(true);
  private final AtomicBoolean spoken = new AtomicBoolean();
  private final Thread pump;
  private final Signals.Subscription commitSignal;
  private boolean complete;
  private volatile boolean closed;
  private long lastRead;
  private int failuresInARow;

  /** How much a ring holds. */
  record Size(int items, long bytes) {
    static final Size USUAL = new Size(4_096, 8 << 20);
  }

  /**
   * @param onRevocation called when a key of the organization was revoked
   */
  @SuppressWarnings("ThisEscapedInObjectConstruction")
  Fan(OrgId org, Journal journal, Ring ring, Runnable onRevocation) {
    this.org = org;
    this.journal = journal;
    this.ring = ring;
    this.onRevocation = onRevocation;
    this.pump = Thread.ofVirtual().name("stream-" + org).unstarted(this::pump);
    this.commitSignal = journal.onCommit(org, this::committed);
  }

  void start() {
    pump.start();
  }

  /** False when the fan has ended, and another one is to be made. */
  boolean join(Reader reader) {
    lock.lock();
    try {
      if (!closed) {
        readers.add(reader);
        attach(reader);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** True when this was the last reader; the fan ends with it. */
  boolean leave(Reader reader) {
    lock.lock();
    try {
      boolean last = readers.remove(reader) && readers.isEmpty();
      if (last) {
        close();
      }
      return last;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all that read here; the thread ends too. */
  void end(Refusal why) {
    lock.lock();
    try {
      readers.forEach(reader -> reader.end(why));
      close();
    } finally {
      lock.unlock();
    }
  }

  private void close() {
    closed = true;
    commitSignal.close();
    LockSupport.unpark(pump);
  }

  List<Reader> readers() {
    lock.lock();
    try {
      return List.copyOf(readers);
    } finally {
      lock.unlock();
    }
  }

  /** The newest record that was read. */
  long head() {
    lock.lock();
    try {
      return ring.head();
    } finally {
      lock.unlock();
    }
  }

  /** From any thread that runs a model; never blocks for long. */
  void say(TokenDelta delta) {
    tokens.add(delta);
    if (spoken.compareAndSet(false, true)) {
      LockSupport.unpark(pump);
    }
  }

  private void committed() {
    if (commits.compareAndSet(false, true)) {
      LockSupport.unpark(pump);
    }
  }

  /**
   * What the ring has for a reader, or null when it reaches further back than the ring. After an
   * empty answer the reader is woken by what concerns it.
   */
  @Nullable List<Item> take(Reader reader) {
    lock.lock();
    try {
      reader.waiting = false;
      if (!attach(reader)) {
        reader.caughtUp = false;
        return null;
      }
      List<Item> items = new ArrayList<>();
      long weight = 0;
      while (reader.position < ring.end()
          && items.size() < ITEMS_AT_ONCE
          && weight < WEIGHT_AT_ONCE) {
        Slot slot = ring.at(reader.position);
        if (reader.wants(slot, reader.position)) {
          items.add(slot.item());
          weight += slot.weight();
        }
        reader.pass(slot);
        reader.position++;
      }
      reader.caughtUp = complete && reader.position == ring.end();
      reader.waiting = items.isEmpty();
      return items;
    } finally {
      lock.unlock();
    }
  }

  private boolean attach(Reader reader) {
    if (reader.position >= ring.start()) {
      return true;
    }
    reader.position = Reader.DETACHED;
    if (reader.seen() < ring.base()) {
      return false;
    }
    reader.position = ring.after(reader.seen());
    reader.liveFrom = ring.end();
    return true;
  }

  private void pump() {
    while (!closed) {
      try {
        awaitNews();
        if (!closed) {
          round();
        }
        failuresInARow = 0;
        pause(pace());
      } catch (RuntimeException | Error e) {
        commits.set(true);
        failuresInARow++;
        long millis = Math.min(MAX_PAUSE_MILLIS, 50L << Math.min(failuresInARow, 10));
        log.warn(
            "the live streams of {} cannot read the journal; next try in {} ms", org, millis, e);
        pause(Duration.ofMillis(millis).toNanos());
      }
    }
  }

  /** With many readers, waking all of them for each commit would be all that a machine does. */
  private long pace() {
    lock.lock();
    try {
      long nanos = Math.min(MAX_PACE_NANOS, readers.size() * PACE_PER_READER_NANOS);
      return nanos < LEAST_PACE_NANOS ? 0 : nanos;
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) {
    long deadline = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !closed; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  /** Other nodes' commits raise no signal here, so that the wait is bounded. */
  private void awaitNews() {
    long left = lastRead + POLL_NANOS - System.nanoTime();
    while (!closed && !commits.get() && !spoken.get() && left > 0) {
      LockSupport.parkNanos(this, left);
      left = lastRead + POLL_NANOS - System.nanoTime();
    }
  }

  private void round() {
    spoken.set(false);
    List<TokenDelta> said = new ArrayList<>(tokens.drain());
    List<JournalRecord> records = new ArrayList<>();
    long head = head();
    boolean whole = true;
    if (commits.getAndSet(false) || System.nanoTime() - lastRead >= POLL_NANOS) {
      whole = read(head, records);
      lastRead = System.nanoTime();
      commits.compareAndSet(false, !whole);
      said.addAll(tokens.drain(records));
    }
    publish(TokenBuffer.woven(said, records, head), whole);
    if (records.stream().anyMatch(record -> record.entry().kind().equals("key.revoked"))) {
      onRevocation.run();
    }
  }

  /** True when nothing is left. */
  private boolean read(long head, List<JournalRecord> records) {
    boolean whole = false;
    long last = head;
    for (int page = 0; page < PAGES_AT_ONCE && !whole; page++) {
      List<JournalRecord> some = journal.after(org, last, PAGE);
      records.addAll(some);
      whole = some.size() < PAGE;
      last = some.isEmpty() ? last : some.getLast().seq();
    }
    return whole;
  }

  private void publish(List<Slot> slots, boolean whole) {
    List<Reader> woken = new ArrayList<>();
    lock.lock();
    try {
      complete = whole;
      if (slots.isEmpty()) {
        return;
      }
      long first = ring.end();
      ring.append(slots);
      for (Reader reader : readers) {
        if (reader.waiting && concerns(slots, first, reader)) {
          reader.waiting = false;
          woken.add(reader);
        } else if (reader.waiting) {
          reader.position = ring.end();
          slots.forEach(reader::pass);
        }
      }
    } finally {
      lock.unlock();
    }
    woken.forEach(Reader::wake);
  }

  private static boolean concerns(List<Slot> slots, long first, Reader reader) {
    long position = first;
    for (Slot slot : slots) {
      if (reader.wants(slot, position)) {
        return true;
      }
      position++;
    }
    return false;
  }
}
