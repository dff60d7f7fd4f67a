package dev.rookery.egress;

/** Puts the questions of a sandbox to the rules of its agent. */
final class Router {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private final NetworkPolicy policy;

  Router(NetworkPolicy policy) {
    this.policy = policy;
  }

  /** A tunnel, through which TLS goes and nothing else. */
  Route tunnel(WebAddress place) {
    if (place.literal() != null) {
      return new Route.Denied("a tunnel goes to a name, not to an address");
    }
    return ruled(policy.decide(place.host(), place.port()), place);
  }

  /** A request that is sent on: over https, unless a rule permits plain http. */
  Route request(WebAddress asked) {
    NetworkRule rule = policy.decide(asked.host(), asked.port());
    if (asked.literal() != null && rule.host().any()) {
      return new Route.Denied("an address is reached only where a rule names it");
    }
    if (asked.secure() || (rule.allow() && rule.plainHttp())) {
      return ruled(rule, asked);
    }
    WebAddress upgraded = asked.overHttps();
    return asked.port() == HTTP && !rule.allow()
        ? ruled(policy.decide(asked.host(), HTTPS), upgraded)
        : ruled(rule, upgraded);
  }

  private static Route ruled(NetworkRule rule, WebAddress address) {
    return rule.allow()
        ? new Route.Allowed(address, rule.reach())
        : new Route.Denied(
            address.authority()
                + " is not allowed by the network rules of this agent ("
                + rule.sentence()
                + "); an operator can change them");
  }
}
