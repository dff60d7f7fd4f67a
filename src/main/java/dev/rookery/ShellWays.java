package dev.rookery;

import dev.rookery.egress.EgressForwarder;
import dev.rookery.egress.EgressProxy;
import dev.rookery.egress.GuardedDoor;
import dev.rookery.egress.NetworkPolicies;
import dev.rookery.egress.Preset;
import dev.rookery.kernel.Refusal;
import dev.rookery.sandbox.confinement.Network;
import dev.rookery.secrets.Secrets;
import dev.rookery.tools.Bash;
import dev.rookery.tools.Tool;
import java.nio.file.Files;
import java.nio.file.Path;

/** The way out of shell commands: none, or a door of the egress proxy for each command. */
record ShellWays(NetworkPolicies networks, EgressProxy egress) implements Bash.Ways {
  @Override
  public Network of(Tool.Caller caller) {
    return networks.of(caller.org(), caller.agent()).anywhere()
        ? new Network.Proxied((socket, user) -> open(caller, socket, user))
        : Network.OFF;
  }

  @Override
  public boolean anywhere(Tool.Caller caller) {
    return networks.of(caller.org(), caller.agent()).preset() == Preset.UNRESTRICTED;
  }

  private Network.Opened open(Tool.Caller caller, Path socket, int user) {
    EgressForwarder forwarder =
        EgressForwarder.choose(Files::exists)
            .orElseThrow(
                () ->
                    new Refusal(
                        Refusal.Kind.UNAVAILABLE,
                        "sandbox-network-unavailable",
                        "The network of sandboxes needs perl, python3 or socat in /usr/bin."));
    Secrets.User by = new Secrets.User(caller.org(), caller.agent(), caller.run());
    GuardedDoor door = egress.open(by, socket, user);
    Network.Proxy proxy =
        new Network.Proxy(socket, forwarder.prelude(), EgressForwarder.environment());
    return new Network.Opened() {
      @Override
      public Network.Proxy proxy() {
        return proxy;
      }

      @Override
      public void close() {
        door.close();
      }
    };
  }
}
