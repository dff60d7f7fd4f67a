package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rookery.demo.LocalBotApi.Call;
import dev.rookery.demo.LocalBotApi.Message;
import dev.rookery.kernel.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that the local Bot API remembers, behind one lock; whoever waits is woken by every change.
 */
final class BotLedger {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Call> calls = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final Map<Long, List<LocalBotApi.Button>> buttons = new HashMap<>();
  private final TreeMap<Long, JsonNode> updates = new TreeMap<>();
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<String, Deque<Fault>> faults = new HashMap<>();
  private final List<Consumer<Message>> listeners = new CopyOnWriteArrayList<>();
  private Webhook webhook = new Webhook("", "", null);
  private long lastMessageId = 1000;
  private int poller;
  private boolean closed;

  /** Where updates are pushed to; an empty URL means nowhere. */
  record Webhook(String url, String secret, @Nullable String lastError) {}

  /** What a long poll came back with. {@code null} updates: another poller took over. */
  record Polled(@Nullable ArrayNode updates) {}

  private <T> T read(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private <T> T change(Supplier<T> work) {
    return read(
        () -> {
          T result = work.get();
          changed.signalAll();
          return result;
        });
  }

  void record(String method, JsonNode parameters) {
    change(() -> calls.add(new Call(calls.size() + 1, method, parameters)));
  }

  List<Call> calls() {
    return read(() -> List.copyOf(calls));
  }

  List<Message> messages() {
    return read(() -> List.copyOf(messages));
  }

  int count() {
    return read(messages::size);
  }

  int count(String method) {
    return read(() -> (int) calls.stream().filter(call -> call.method().equals(method)).count());
  }

  Message add(Message draft, List<LocalBotApi.Button> below) {
    Message added =
        change(
            () -> {
              Message message = draft.withId(++lastMessageId);
              messages.add(message);
              buttons.put(message.id(), below);
              return message;
            });
    listeners.forEach(listener -> listener.accept(added));
    return added;
  }

  List<LocalBotApi.Button> buttons(long message) {
    return read(() -> buttons.getOrDefault(message, List.of()));
  }

  void onMessage(Consumer<Message> listener) {
    listeners.add(listener);
  }

  Optional<Message> edit(String chat, long id, EntityText.Parsed text) {
    return change(
        () -> {
          for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (message.id() == id && message.chat().equals(chat)) {
              messages.set(i, message.withText(text));
              return Optional.of(messages.get(i));
            }
          }
          return Optional.empty();
        });
  }

  Webhook webhook() {
    return read(() -> webhook);
  }

  void webhook(Webhook changedTo) {
    change(() -> webhook = changedTo);
  }

  void enqueue(long id, JsonNode update) {
    change(() -> updates.put(id, update));
  }

  int pending() {
    return read(updates::size);
  }

  void dropPending() {
    change(
        () -> {
          updates.clear();
          return true;
        });
  }

  void file(String path, byte[] bytes) {
    change(() -> files.put(path, bytes));
  }

  Optional<byte[]> file(String path) {
    return read(() -> Optional.ofNullable(files.get(path)));
  }

  void fault(String method, Fault fault) {
    String key = method.toLowerCase(Locale.ROOT);
    change(() -> faults.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(fault));
  }

  Optional<Fault> nextFault(String method) {
    return change(
        () ->
            Optional.ofNullable(faults.get(method.toLowerCase(Locale.ROOT))).map(Deque::pollFirst));
  }

  void clearFaults() {
    change(
        () -> {
          faults.clear();
          return true;
        });
  }

  void close() {
    change(() -> closed = true);
  }

  /** Long poll: confirms what lies before the offset, then waits for what lies from it on. */
  Polled poll(long offset, int limit, Duration timeout) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      int me = ++poller;
      changed.signalAll();
      if (offset > 0) {
        updates.headMap(offset).clear();
      }
      long left = timeout.toNanos();
      while (updates.isEmpty() && me == poller && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (me != poller) {
        return new Polled(null);
      }
      ArrayNode batch = Json.mapper().createArrayNode();
      updates.values().stream().limit(limit).forEach(batch::add);
      return new Polled(batch);
    } finally {
      lock.unlock();
    }
  }

  /** Holds the caller until the time is over or the server closes. */
  void hold(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = atMost.toNanos();
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the count is reached. */
  boolean await(IntSupplier count, int wanted, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (count.getAsInt() < wanted) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS)) {
          return count.getAsInt() >= wanted;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
