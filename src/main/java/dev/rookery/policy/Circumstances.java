package dev.rookery.policy;

/**
 * Under which a call is decided.
 *
 * @param attended whether somebody is there to be asked now
 * @param taint what the run holds
 */
public record Circumstances(boolean attended, Taint taint) {
  public static final Circumstances ATTENDED = new Circumstances(true, Taint.NONE);
  public static final Circumstances UNATTENDED = new Circumstances(false, Taint.NONE);
}
