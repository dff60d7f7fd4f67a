package dev.rookery.runs;

import dev.rookery.agents.Agents;
import dev.rookery.approvals.Approvals;
import dev.rookery.delivery.Outbox;
import dev.rookery.delivery.Presence;
import dev.rookery.homes.HomeTrust;
import dev.rookery.inbox.Conversations;
import dev.rookery.journal.Journal;
import dev.rookery.models.Models;
import dev.rookery.orgs.Orgs;
import dev.rookery.policy.Grants;
import dev.rookery.sandbox.SandboxProvider;
import dev.rookery.secrets.Secrets;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.tools.Tools;

/** Starts the workers of a node. */
public final class RunEngine {
  private RunEngine() {}

  /** What runs are played with. */
  public record Cast(
      Orgs orgs,
      Agents agents,
      Models models,
      Tools tools,
      Grants grants,
      Spend spend,
      Secrets secrets,
      Places places) {}

  /** Where agents work, and what their homes are worth. */
  public record Places(SandboxProvider sandboxes, HomeTrust homeTrust) {}

  /** Where runs are kept and heard. */
  public record Stage(
      Database database,
      Journal journal,
      Outbox outbox,
      Approvals approvals,
      Conversations conversations,
      Presence presence) {}

  /** Claims and drives runs until the result is closed. */
  public static RunWorkers start(
      Stage stage, Cast cast, Runs runs, IdempotencyKeys keys, RunWorkers.Settings settings) {
    RunLog.Ground log =
        new RunLog.Ground(
            stage.database(),
            stage.journal(),
            stage.outbox(),
            stage.approvals(),
            cast.spend(),
            new RunLog.Guards(keys, cast.places().homeTrust(), cast.secrets()),
            runs.family());
    SceneMaker scenes =
        new SceneMaker(
            stage.database(),
            new SceneMaker.Rooms(
                cast.orgs(),
                cast.agents(),
                cast.models(),
                cast.tools(),
                cast.grants(),
                cast.places().sandboxes()),
            keys);
    return new RunWorkers(
        new RunWorkers.Ground(stage.database(), log, stage.conversations(), stage.presence()),
        runs,
        scenes,
        settings);
  }
}
