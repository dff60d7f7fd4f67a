package dev.rookery.policy;

/**
 * What a context holds that limits where it may go.
 *
 * @param untrusted words of somebody nobody vouches for: a web page, a stranger's message
 * @param confidential data that is not everybody's: files of the home, memory, answers of an
 *     organization's tools
 */
public record Taint(boolean untrusted, boolean confidential) {
  public static final Taint NONE = new Taint(false, false);
  public static final Taint UNTRUSTED = new Taint(true, false);
  public static final Taint CONFIDENTIAL = new Taint(false, true);
  public static final Taint BOTH = new Taint(true, true);

  /** What a context holds after it took the other in too. */
  public Taint with(Taint other) {
    return new Taint(untrusted || other.untrusted, confidential || other.confidential);
  }

  /** Somebody's words could now steer somebody's data out. */
  public boolean both() {
    return untrusted && confidential;
  }
}
