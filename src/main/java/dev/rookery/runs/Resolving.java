package dev.rookery.runs;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import dev.rookery.store.Tx;
import dev.rookery.tools.Tool;

/** What a person's word makes of a step of which nobody knew whether it happened. */
final class Resolving {
  private Resolving() {}

  static void apply(Tx tx, OrgId org, Run run, Step step, Runs.Resolution resolution) {
    switch (resolution) {
      case RETRY ->
          StepStore.replan(
              tx,
              org,
              run.id(),
              new StepStore.Replanned(step.seq(), "a person asked to retry", true));
      case HAPPENED ->
          tell(tx, run, step.in(StepState.DONE), "A person confirmed that this happened.");
      case SKIP ->
          tell(
              tx,
              run,
              step.in(StepState.SKIPPED),
              "A person decided to skip this; it is not done.");
    }
  }

  private static void tell(Tx tx, Run run, Step ended, String text) {
    OrgId org = run.org();
    Tool.ToolResult result = new Tool.ToolResult(text, ended.state() == StepState.SKIPPED);
    StepStore.end(
        tx, org, run.id(), StepStore.Ended.tool(ended.seq(), ended.state(), text, result.error()));
    int next = MessageStore.list(tx, org, run.id()).size() + 1;
    MessageStore.insert(
        tx,
        org,
        run.id(),
        new MessageStore.Heard(next, ToolSteps.answer(ended, result), Provenance.PERSON));
  }

  static Refusal notUnknown(RunId run, int seq) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "not-unknown",
        "Step "
            + seq
            + " of run "
            + run
            + " does not wait for a decision. See: rookery runs show "
            + run);
  }
}
