package dev.rookery.runs;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;

/**
 * Words of a model while they come. They are shown and forgotten; what is kept is the answer.
 *
 * @param step of the run that calls the model
 * @param attempt of the step; what an earlier attempt said is void
 */
public record TokenDelta(
    OrgId org, RunId run, AgentId agent, String conversation, int step, int attempt, String text) {

  /** The same place, other words. */
  public TokenDelta with(String words) {
    return new TokenDelta(org, run, agent, conversation, step, attempt, words);
  }
}
