package dev.rookery.policy;

import dev.rookery.policy.Grant.Verdict;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Rules, ready for many decisions. Immutable; the order in which they were given has no influence,
 * not even on which one is named as deciding.
 */
public final class Ruleset {
  private final List<Grant> grants;
  private final Layer deny = new Layer(Verdict.DENY);
  private final Layer ask = new Layer(Verdict.ASK);
  private final Layer allow = new Layer(Verdict.ALLOW);

  private Ruleset(Collection<Grant> given) {
    this.grants = given.stream().distinct().sorted(Comparator.comparing(Grant::rule)).toList();
    grants.forEach(grant -> layer(grant.verdict()).add(grant));
  }

  public static Ruleset of(Collection<Grant> grants) {
    return new Ruleset(grants);
  }

  private Layer layer(Verdict verdict) {
    return switch (verdict) {
      case DENY -> deny;
      case ASK -> ask;
      case ALLOW -> allow;
    };
  }

  /** By their text. */
  public List<Grant> grants() {
    return grants;
  }

  Layer deny() {
    return deny;
  }

  Layer ask() {
    return ask;
  }

  Layer allow() {
    return allow;
  }

  /** The rules that say something about some call of the tool, by their text. */
  public List<Grant> concerning(String tool, Set<Capability> capabilities) {
    return grants.stream()
        .filter(grant -> of(List.of(grant)).layer(grant.verdict()).mayConcern(tool, capabilities))
        .toList();
  }

  /**
   * Whether an agent sees the tool at all: some allow or ask rule may concern a call of it, and no
   * rule denies every call.
   */
  public boolean offers(String tool, Set<Capability> capabilities) {
    return deny.broad(tool, capabilities) == null
        && (allow.mayConcern(tool, capabilities) || ask.mayConcern(tool, capabilities));
  }
}
