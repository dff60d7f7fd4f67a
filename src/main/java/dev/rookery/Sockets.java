package dev.rookery;

import dev.rookery.api.Api;
import dev.rookery.api.Invocation;
import dev.rookery.api.Socket;
import dev.rookery.gateway.Calls;
import dev.rookery.gateway.Gateway;
import dev.rookery.gateway.Origins;
import dev.rookery.kernel.NodeId;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.Principal;
import java.util.Map;

/** Connects the gateway and the API, which do not know each other. */
final class Sockets {
  private Sockets() {}

  /** A gateway that calls the routes of the API and is served by it. */
  static Gateway mount(Api api, House house, Settings settings, NodeId node) {
    Gateway gateway =
        new Gateway(
            new Gateway.Rooms(house.streams, house.keys, house.agents, house.journal, node),
            (who, what) -> call(api, who, what),
            Origins.from(settings.env(), settings.publicUrl()));
    api.mount(new Socket(Gateway.PATH, gateway::open, gauges(gateway)));
    return gateway;
  }

  private static Calls.Answer call(Api api, Principal who, Calls.Invocation what) {
    Invocation.Answer answer =
        api.call(
            who,
            new Invocation(what.method(), what.path(), what.query(), what.body(), what.headers()));
    return new Calls.Answer(answer.status(), answer.contentType(), answer.body());
  }

  private static Socket.Gauges gauges(Gateway gateway) {
    return new Socket.Gauges() {
      @Override
      public int open() {
        return gateway.openSockets();
      }

      @Override
      public Map<String, Long> closed() {
        return gateway.closedSockets();
      }
    };
  }
}
