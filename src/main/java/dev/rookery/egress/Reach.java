package dev.rookery.egress;

/**
 * How far a request may go.
 *
 * @param plainHttp whether it may be unencrypted
 * @param privateNetworks whether it may go to this machine and to private networks
 */
public record Reach(boolean plainHttp, boolean privateNetworks) {
  /** Encrypted, to the public internet. */
  public static final Reach PUBLIC = new Reach(false, false);

  /** What an administrator permits to a tool of the organization's own network. */
  public static final Reach ANYWHERE = new Reach(true, true);
}
