package dev.rookery.api;

import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Principal;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one place that decides who gets in. */
final class Gate {
  private static final String SCHEME = "bearer ";
  private static final List<String> SIGNS_OF_A_PROXY =
      List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

  private final ApiKeys keys;

  Gate(ApiKeys keys) {
    this.keys = keys;
  }

  /**
   * Who calls, or null where nobody needs to say.
   *
   * @throws Refusal {@code key-missing}, {@code bad-key}, {@code key-revoked}, {@code key-expired},
   *     {@code role-too-low} or {@code scope-missing}
   */
  @Nullable Principal enter(Route route, Context context) {
    return switch (route.access()) {
      case Access.Open() -> null;
      case Access.Local() when isLocal(context) -> null;
      case Access.Local(), Access.Key _ -> admit(authenticated(context), route);
    };
  }

  /**
   * Whether somebody who is known may call a route, over HTTP or from elsewhere.
   *
   * @throws Refusal {@code role-too-low}, {@code scope-missing}
   */
  static Principal admit(Principal principal, Route route) {
    switch (route.access()) {
      case Access.Open() -> {
        return principal;
      }
      case Access.Local() -> {}
      case Access.Key(var role) -> principal.require(role);
    }
    principal.require(route.area(), route.looks());
    return principal;
  }

  private Principal authenticated(Context context) {
    return keys.authenticate(presented(context.header("Authorization")));
  }

  /**
   * The key in an Authorization header, if it is one.
   *
   * @throws Refusal as {@link #enter}
   */
  String recognised(String authorization) {
    String key = presented(authorization);
    keys.authenticate(key);
    return key;
  }

  private static String presented(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new Refusal(
          Refusal.Kind.UNAUTHENTICATED,
          "key-missing",
          "Send an API key as Authorization: Bearer rk_…; make one with: rookery keys create");
    }
    return authorization.substring(SCHEME.length()).strip();
  }

  /**
   * From this machine, and not through a proxy that runs on it or a browser that was misled to it.
   */
  private static boolean isLocal(Context context) {
    return isLoopback(context.req().getRemoteAddr())
        && isLocalName(context.req().getServerName())
        && SIGNS_OF_A_PROXY.stream().allMatch(name -> context.header(name) == null);
  }

  private static boolean isLocalName(String host) {
    return host.equalsIgnoreCase("localhost") || (isAddress(host) && isLoopback(host));
  }

  /** So that no name is looked up. */
  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
