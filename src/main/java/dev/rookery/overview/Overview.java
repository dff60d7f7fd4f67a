package dev.rookery.overview;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Database;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The front door to views that join rooms. It only reads. */
public final class Overview {
  private final Database database;

  public Overview(Database database) {
    this.database = database;
  }

  /** Where the page before ended: a time, and what it belonged to. */
  public record Cursor(long at, String key) {}

  /** Which conversations, the one with the newest activity first; null means any. */
  public record TalkQuery(
      @Nullable String key,
      @Nullable String integration,
      @Nullable AgentId agent,
      @Nullable Cursor before,
      int limit) {}

  public List<Talk> conversations(OrgId org, TalkQuery query) {
    return database.read(org, tx -> TalkStore.list(tx, org, query));
  }

  /**
   * @throws Refusal {@code conversation-not-found}
   */
  public Talk conversation(OrgId org, String key) {
    return conversations(org, new TalkQuery(key, null, null, null, 1)).stream()
        .findFirst()
        .orElseThrow(() -> Refusal.notFound("conversation", key));
  }

  /** Which resources, the one with the newest activity first; null means any. */
  public record ResourceQuery(@Nullable String integration, @Nullable Cursor before, int limit) {}

  public List<Resource> resources(OrgId org, ResourceQuery query) {
    return database.read(org, tx -> TalkStore.resources(tx, org, query));
  }

  /** Which work items, newest first; null means any. */
  public record WorkQuery(
      WorkItem.@Nullable State state,
      @Nullable AgentId agent,
      @Nullable String conversation,
      @Nullable RunId before,
      int limit) {}

  public List<WorkItem> workItems(OrgId org, WorkQuery query) {
    return database.read(org, tx -> WorkStore.list(tx, org, query));
  }

  /** The work item that begins with this run; empty when none does. */
  public Optional<WorkItem> workItem(OrgId org, RunId first) {
    return database.read(org, tx -> WorkStore.find(tx, org, first));
  }

  /** All runs of a work item, oldest first: the first, its retries and what they delegated. */
  public List<RunId> runs(OrgId org, RunId first) {
    return database.read(org, tx -> WorkStore.runs(tx, org, first));
  }
}
