package dev.rookery.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Whether a place may be connected to, decided once, on the addresses that are then used. */
sealed interface Vetting {
  /** These, and no others, are connected to. */
  record Passed(List<InetAddress> addresses) implements Vetting {
    public Passed {
      addresses = List.copyOf(addresses);
    }
  }

  /** Why not. */
  record Refused(String why) implements Vetting {}

  /** All addresses of the name must be public, for the name may be answered in any order. */
  static Vetting of(WebAddress address, Reach reach, Names names) {
    if (!address.secure() && !reach.plainHttp()) {
      return new Refused("plain http is not permitted for " + address.host() + "; use https");
    }
    InetAddress literal = address.literal();
    try {
      List<InetAddress> found = literal == null ? names.resolve(address.host()) : List.of(literal);
      if (found.isEmpty()) {
        return new Refused("the name " + address.host() + " has no address");
      }
      boolean open =
          reach.privateNetworks()
              || found.stream().allMatch(one -> AddressRules.isPublic(one.getAddress()));
      return open
          ? new Passed(found)
          : new Refused(address.host() + " is in a private or special network");
    } catch (UnknownHostException e) {
      return new Refused("the name " + address.host() + " is not known");
    }
  }
}
