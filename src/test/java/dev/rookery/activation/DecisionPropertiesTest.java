package dev.rookery.activation;

import static dev.rookery.activation.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.AgentFacts.QueuedRun;
import dev.rookery.activation.Given.What;
import dev.rookery.activation.Given.Who;
import dev.rookery.inbox.Inbound.Actor.Kind;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for every event and every set of policies; the seed is in the failure message. */
class DecisionPropertiesTest {
  private static final int WORLDS = 3_000;
  private static final List<String> HANDLES = List.of("rook", "crow", "jay-2", "κόραξ");
  private static final List<String> TYPES =
      List.of("message", "message", "message", "command", "message_edited", "manual", "tick");

  @Test
  void every_candidate_gets_exactly_one_decision_in_order() {
    forEachWorld(
        (world, decisions) -> {
          assertThat(decisions.stream().map(Decision::policy))
              .isEqualTo(world.candidates.stream().map(c -> c.policy().id()).toList());
          assertThat(decisions.stream().map(Decision::agent))
              .isEqualTo(world.candidates.stream().map(c -> c.agent().id()).toList());
        });
  }

  @Test
  void at_most_one_decision_per_agent_reaches_a_run_and_the_merged_point_to_it() {
    Set<Decision.Label> seen = new HashSet<>();
    forEachWorld(
        (_, decisions) -> {
          Map<AgentId, Decision> reaching = new HashMap<>();
          for (Decision decision : decisions) {
            seen.add(decision.label());
            if (decision.reachesRun()) {
              assertThat(reaching.put(decision.agent(), decision)).isNull();
            }
          }
          for (Decision decision : decisions) {
            if (decision instanceof Decision.MergedWith with) {
              assertThat(reaching.get(with.agent()))
                  .isNotNull()
                  .extracting(Decision::policy)
                  .isEqualTo(with.other());
            }
          }
        });
    assertThat(seen).contains(Decision.Label.WOKE, Decision.Label.STEERED, Decision.Label.MERGED);
    assertThat(seen).contains(Decision.Label.PAUSED, Decision.Label.THROTTLED);
    assertThat(seen).contains(Decision.Label.DENIED, Decision.Label.SKIPPED);
  }

  @Test
  void the_same_facts_give_the_same_decisions_in_any_order_of_candidates() {
    forEachWorld(
        (world, decisions) -> {
          assertThat(ActivationDecider.decide(world.event, world.candidates, NOW))
              .isEqualTo(decisions);
          List<Candidate> shuffled = new ArrayList<>(world.candidates);
          Collections.shuffle(shuffled, new Random(world.seed));
          assertThat(ActivationDecider.decide(world.event, shuffled, NOW))
              .containsExactlyInAnyOrderElementsOf(decisions);
        });
  }

  @Test
  void nothing_of_ours_nothing_too_deep_and_nobody_who_is_off_reaches_a_run() {
    forEachWorld(
        (world, decisions) -> {
          EventFacts.Actor actor = world.event.actor();
          boolean barred =
              actor.kind() == Kind.SELF || (actor.kind() == Kind.AGENT && actor.depth() > 8);
          for (int i = 0; i < decisions.size(); i++) {
            Candidate candidate = world.candidates.get(i);
            boolean off =
                !candidate.agent().enabled()
                    || !candidate.agent().mayRead()
                    || !candidate.policy().standing().enabled()
                    || candidate.policy().standing().pauseAt(NOW) != null;
            if (barred || off) {
              assertThat(decisions.get(i)).isInstanceOf(Decision.Declined.class);
            }
          }
        });
  }

  @Test
  void no_gate_wakes_anybody_unless_it_said_respond() {
    Set<String> seen = new HashSet<>();
    forEachWorld(
        (world, decisions) -> {
          for (int i = 0; i < decisions.size(); i++) {
            Candidate candidate = world.candidates.get(i);
            Decision decision = decisions.get(i);
            boolean ambient = candidate.policy().wake().trigger() == Trigger.AMBIENT;
            if (ambient && decision.reachesRun()) {
              assertThat(candidate.answer()).isInstanceOf(GateAnswer.Respond.class);
            }
            if (decision instanceof Decision.Waiting) {
              assertThat(candidate.policy().wake().gated()).isTrue();
              assertThat(candidate.answer()).isEqualTo(GateAnswer.UNASKED);
            }
            seen.add((ambient ? "ambient " : "") + decision.label().spelled());
          }
        });
    assertThat(seen).contains("ambient woke", "ambient gated", "ambient waiting", "waiting");
  }

  @Test
  void every_reason_is_a_kebab_case_code_with_a_short_sentence() {
    forEachWorld(
        (_, decisions) ->
            assertThat(decisions)
                .allSatisfy(
                    d -> {
                      assertThat(d.reason().code()).matches("[a-z]+(-[a-z]+)*");
                      assertThat(d.reason().sentence()).endsWith(".").hasSizeLessThan(350);
                    }));
  }

  private interface Check {
    void check(World world, List<Decision> decisions);
  }

  private record World(long seed, EventFacts event, List<Candidate> candidates) {}

  private static void forEachWorld(Check check) {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(seed);
      try {
        check.check(world, ActivationDecider.decide(world.event, world.candidates, NOW));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + world, e);
      }
    }
  }

  private static World world(long seed) {
    Random random = new Random(seed);
    List<Who> agents = new ArrayList<>();
    for (String handle : HANDLES) {
      Who first = who(Given.agent(handle, pick(random, Trigger.values())), random);
      agents.add(first);
      for (int i = random.nextInt(3); i > 0; i--) {
        agents.add(policy(first.also(pick(random, Trigger.values())), random));
      }
    }
    Collections.shuffle(agents, random);
    return new World(
        seed, event(random, agents).facts(), agents.stream().map(Who::candidate).toList());
  }

  private static Who who(Who who, Random random) {
    Who facts =
        who.busy(
            random.nextInt(3) == 0 ? RunId.next() : null,
            random.nextInt(3) == 0 ? new QueuedRun(RunId.next(), random.nextInt(12)) : null);
    facts = random.nextInt(4) == 0 ? facts.byDefault() : facts;
    facts = random.nextInt(10) == 0 ? facts.disabled() : facts;
    facts = random.nextInt(10) == 0 ? facts.mayNotRead() : facts;
    facts = random.nextInt(3) == 0 ? facts.lastWoke(NOW.minusSeconds(random.nextInt(90))) : facts;
    return policy(facts, random);
  }

  private static GateAnswer answer(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new GateAnswer.Respond("x".repeat(random.nextInt(400)));
      case 1 -> new GateAnswer.Pass("pass", "y".repeat(random.nextInt(400)));
      default -> GateAnswer.UNASKED;
    };
  }

  private static Who policy(Who who, Random random) {
    Who gated = random.nextInt(4) == 0 ? who.gated() : who;
    Who made =
        gated
            .answered(answer(random))
            .config(random.nextBoolean(), random.nextBoolean())
            .timing(pick(random, Mode.values()), Duration.ofSeconds(random.nextInt(2) * 60L))
            .standing(
                random.nextInt(10) > 0, random.nextInt(8) == 0 ? new Pause(null, "test") : null);
    made = random.nextInt(8) == 0 ? made.only("room-2") : made;
    return random.nextInt(6) == 0
        ? made.filter("{'field':'text','op':'contains','value':'rook'}")
        : made;
  }

  private static What event(Random random, List<Who> agents) {
    String text =
        random
            .ints(random.nextInt(4), 0, HANDLES.size())
            .mapToObj(i -> (random.nextInt(4) > 0 ? "@" : "") + HANDLES.get(i))
            .collect(Collectors.joining(" "));
    What what = Given.message(text).type(TYPES.get(random.nextInt(TYPES.size())));
    what = random.nextInt(3) == 0 ? what.addressed() : what;
    what = random.nextInt(4) == 0 ? what.to(agents.get(random.nextInt(agents.size())).id()) : what;
    Kind kind = random.nextBoolean() ? Kind.PERSON : pick(random, Kind.values());
    return what.by(kind, agents.getFirst().id().value(), random.nextInt(12))
        .in(random.nextInt(3) == 0 ? null : "room-" + random.nextInt(3));
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
