package dev.rookery.gateway;

import dev.rookery.kernel.Refusal;
import dev.rookery.orgs.Principal;
import dev.rookery.streams.Scope;
import dev.rookery.streams.Subscription;

/** What all sockets of a node share. */
record Office(Gateway.Rooms rooms, Calls calls, Limits limits, FrameWriter writer) {
  static Refusal keyMissing() {
    return new Refusal(
        Refusal.Kind.UNAUTHENTICATED,
        "key-missing",
        "Send an API key as the parameter 'key', or with the upgrade as Authorization: Bearer"
            + " rk_…; make one with: rookery keys create");
  }

  /** As the key stands now. */
  Principal recognise(String key) {
    return rooms.keys().authenticate(key);
  }

  Subscription subscribe(Principal who, Params params) {
    Scope scope = ScopeReader.read(params.object("scope"), who.org(), rooms.agents());
    who.require(area(scope), true);
    return rooms.streams().open(who, scope, params.number("after"));
  }

  /** Where the API streams the same, so that the scopes of a key mean the same here. */
  private static String area(Scope scope) {
    return switch (scope) {
      case Scope.Everything(), Scope.OfConversation(_) -> "stream";
      case Scope.OfRun(_) -> "runs";
      case Scope.OfAgent(_) -> "agents";
    };
  }

  long head(Principal who) {
    return rooms.journal().head(who.org());
  }
}
