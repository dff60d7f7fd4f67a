package dev.rookery.runs;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Conditions;
import dev.rookery.store.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The front door to runs by where they were; it only reads. */
public final class RunHistory {
  private final Database database;

  public RunHistory(Database database) {
    this.database = database;
  }

  /** Runs of a conversation, newest first, before the last one of the page before. */
  public List<Run> ofConversation(
      OrgId org, String conversation, @Nullable RunId before, int limit) {
    Conditions where =
        Conditions.in(org)
            .and("conversation_key = :conversation", "conversation", conversation)
            .and("id < :before", "before", before);
    return database.read(org, tx -> RunStore.list(tx, org, where, limit));
  }
}
