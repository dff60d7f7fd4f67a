package dev.rookery.egress;

import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One rule on where a sandbox may connect. Refused as {@code bad-network-rule}.
 *
 * @param port null means 443, and with {@code plainHttp} 80 too
 * @param plainHttp whether requests may be unencrypted; without it they are sent on over https
 * @param privateNetworks whether the host may be on this machine or in a private network
 */
public record NetworkRule(
    boolean allow,
    HostPattern host,
    @Nullable Integer port,
    boolean plainHttp,
    boolean privateNetworks) {
  public NetworkRule {
    if (port != null && (port < 1 || port > 65_535)) {
      throw Refusal.badInput("bad-network-rule", "A port is from 1 to 65535.");
    }
    if (host.any() && (privateNetworks || plainHttp)) {
      throw Refusal.badInput(
          "bad-network-rule",
          "A rule on all hosts cannot permit plain http or private networks; name the host.");
    }
  }

  static NetworkRule allow(String host) {
    return new NetworkRule(true, new HostPattern(host), null, false, false);
  }

  static NetworkRule deny(String host) {
    return new NetworkRule(false, new HostPattern(host), null, false, false);
  }

  /** Whether this rule decides about the host and port. A denial holds for every port. */
  boolean decides(String asked, int askedPort) {
    Integer only = port;
    if (!host.matches(asked)) {
      return false;
    }
    if (only != null) {
      return only == askedPort;
    }
    return !allow || askedPort == 443 || (plainHttp && askedPort == 80);
  }

  Reach reach() {
    return new Reach(plainHttp, privateNetworks);
  }

  /** As people read it: {@code allow api.example.org:8443, plain http}. */
  public String sentence() {
    return (allow ? "allow " : "deny ")
        + host
        + (port == null ? "" : ":" + port)
        + (plainHttp ? ", plain http" : "")
        + (privateNetworks ? ", private networks" : "");
  }
}
