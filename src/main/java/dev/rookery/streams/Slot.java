package dev.rookery.streams;

import dev.rookery.journal.JournalEntry;
import dev.rookery.journal.JournalRecord;
import dev.rookery.runs.TokenDelta;
import org.jspecify.annotations.Nullable;

/**
 * An item in its place.
 *
 * @param seq of the record; for a token, of the newest record before it
 * @param run that the data of the record names
 */
record Slot(Item item, long seq, @Nullable String run) {
  private static final int OVERHEAD = 400;

  static Slot of(JournalRecord record) {
    String run = record.entry().data().path("run").textValue();
    return new Slot(new Item.Entry(record, JournalJson.bytes(record)), record.seq(), run);
  }

  static Slot of(TokenDelta delta, long seq) {
    return new Slot(new Item.Token(delta), seq, null);
  }

  boolean numbered() {
    return item instanceof Item.Entry;
  }

  boolean in(Scope scope) {
    return switch (item) {
      case Item.Entry(JournalRecord record, _) -> in(scope, record.entry());
      case Item.Token(TokenDelta delta) -> in(scope, delta);
    };
  }

  private boolean in(Scope scope, JournalEntry entry) {
    return switch (scope) {
      case Scope.Everything() -> true;
      case Scope.OfRun(var id) -> id.value().equals(entry.subject()) || id.value().equals(run);
      case Scope.OfConversation(String key) -> key.equals(entry.conversation());
      case Scope.OfAgent(var agent) ->
          agent.equals(entry.agent()) || agent.value().equals(entry.subject());
    };
  }

  private static boolean in(Scope scope, TokenDelta delta) {
    return switch (scope) {
      case Scope.Everything() -> true;
      case Scope.OfRun(var id) -> id.equals(delta.run());
      case Scope.OfConversation(String key) -> key.equals(delta.conversation());
      case Scope.OfAgent(var agent) -> agent.equals(delta.agent());
    };
  }

  /** Whether this says that the run is over. */
  boolean ends(Scope scope) {
    return scope instanceof Scope.OfRun(var id)
        && item instanceof Item.Entry(JournalRecord record, _)
        && record.entry().kind().equals("run.finished")
        && record.entry().subject().equals(id.value());
  }

  /** About so many bytes of memory. */
  int weight() {
    return OVERHEAD
        + switch (item) {
          case Item.Entry(JournalRecord _, byte[] json) -> 3 * json.length;
          case Item.Token(TokenDelta delta) -> 2 * delta.text().length();
        };
  }
}
