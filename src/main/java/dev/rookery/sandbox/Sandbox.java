package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.confinement.Tier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sandbox of one agent: a home that lasts, and commands that run confined to it. */
public interface Sandbox {
  /**
   * What is true of it now.
   *
   * @param home as its commands see it
   * @param running commands under way on this node
   */
  record Status(Tier tier, String home, int running, List<String> sessions) {}

  Status status();

  AgentHome home();

  /**
   * Runs one command and returns when it and all that it started are dead. At most four at once;
   * more wait their turn, and one session runs one command at a time.
   *
   * @throws dev.rookery.kernel.Refusal {@code sandbox-unavailable} when it could not be started, so
   *     nothing of it ran; {@code bad-command} and the like when it never can be
   */
  Outcome exec(Exec exec, OutputSink sink, Cancellation cancellation);

  /**
   * As {@link #exec}, beside what runs do: not one of four, and not ended with the run of its step.
   */
  Outcome execBeside(Exec exec, OutputSink sink, Cancellation cancellation);

  /**
   * How an earlier step of this agent ended, by what its command recorded; null when nobody knows.
   *
   * @param tail how much of the end of its output is wanted, in bytes
   */
  @Nullable Recorded lookUp(StepRef step, int tail);

  /** Looks from inside what the confinement is worth, now. */
  Attestation attest();

  /** A shell on a terminal of its own, for a person or a REPL. */
  Terminal openPty(TerminalRequest request);

  /** An open terminal of this sandbox; null when there is none of this id. */
  @Nullable Terminal attach(String terminal);

  /** Ends all commands and terminals. The home stays. */
  void idle();

  /** Ends all, and removes the home for good. */
  void destroy();
}
