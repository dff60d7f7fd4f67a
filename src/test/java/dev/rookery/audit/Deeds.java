package dev.rookery.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import dev.rookery.store.Database;

/** Does things on behalf of somebody. */
record Deeds(Database database, Journal journal, OrgId org) {
  static final Actor KEY = new Actor.ApiKey(KeyId.next(), "ci", null);
  static final Actor ADA = new Actor.Contact("telegram:int_1:17", "Ada ü \"x\"");

  Deeds(Database database, OrgId org) {
    this(database, new Journal(database), org);
  }

  void act(Actor actor, OrgId where, String action, String subject) {
    Acting.as(
        actor,
        () ->
            database.write(
                where,
                tx -> {
                  ObjectNode data = Json.object().put("z", 1.50).put("a", "ä\u0001\n");
                  journal.append(tx, where, new JournalEntry(action, subject, null, data));
                  return where;
                }));
  }

  void five() {
    for (int i = 1; i <= 5; i++) {
      act(i % 2 == 0 ? ADA : KEY, org, "thing.changed", "thing_" + i);
    }
  }
}
