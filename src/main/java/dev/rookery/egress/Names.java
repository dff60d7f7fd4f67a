package dev.rookery.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a name. */
public interface Names {
  Names SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /**
   * All addresses of the name, at least one.
   *
   * @param host lower case ASCII
   */
  List<InetAddress> resolve(String host) throws UnknownHostException;
}
