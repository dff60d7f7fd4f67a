package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.runs.RunMachine.Bounds;
import dev.rookery.runs.RunMachine.Tail;
import dev.rookery.runs.RunMachine.View;
import dev.rookery.tools.EffectClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Plays the machine against a world that crashes between any two moves, with seeded luck. What is
 * stored survives a crash, what happened in the world stays happened (spec 02, "How it is tested").
 */
final class CrashSimulationTest {
  private static final int SEEDS = 2_000;
  private static final int MAX_MOVES = 2_000;
  private static final List<EffectClass> CLASSES = List.of(EffectClass.values());

  @Test
  void under_crashes_everywhere_every_run_ends_with_the_effects_its_classes_promise() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Play play = new Play(seed);
      play.toTheEnd();
      play.check();
    }
  }

  /** The process died; the stored state is what the next owner sees. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash", null, false, false);
    }
  }

  private static final class Play {
    private final int seed;
    private final Random luck;
    private final double crashes;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Integer, Integer> effects = new HashMap<>();
    private final Map<Integer, Integer> ends = new HashMap<>();
    private RunState state = RunState.RUNNING;
    private Tail tail = Tail.NOTHING;
    private int openInputs = 1;
    private int replies;
    private int rounds;

    Play(int seed) {
      this.seed = seed;
      this.luck = new Random(seed);
      this.crashes = luck.nextDouble() * 0.4;
    }

    void toTheEnd() {
      for (int move = 0; !state.over(); move++) {
        assertThat(move).as("moves with seed %d", seed).isLessThan(MAX_MOVES);
        try {
          once();
        } catch (Crash e) {
          if (luck.nextInt(10) == 0 && openInputs == 0) {
            openInputs++;
          }
        }
      }
    }

    private void maybeCrash() {
      if (luck.nextDouble() < crashes) {
        throw new Crash();
      }
    }

    private void once() {
      View view = new View(state, steps, tail, openInputs, new Bounds(false, false, 50));
      switch (RunMachine.next(view)) {
        case Next.Nothing() -> throw new AssertionError("nothing to do in state " + state);
        case Next.Absorb() -> {
          openInputs = 0;
          tail = Tail.USER;
        }
        case Next.Think(int seq) -> think(seq);
        case Next.Act(Step step) -> perform(step);
        case Next.Recover(Step step, Next.Recovery how) -> recover(step, how);
        case Next.AskWhatHappened(Step step) -> finish(step, StepState.DONE);
        case Next.Reply() -> reply();
        case Next.Fail fail -> throw new AssertionError("seed " + seed + ": " + fail);
      }
      maybeCrash();
    }

    private void think(int seq) {
      store(Steps.model(seq, StepState.STARTED));
      maybeCrash();
      int calls = rounds++ < 3 ? luck.nextInt(4) : 0;
      ends.merge(seq, 1, Integer::sum);
      store(Steps.model(seq, StepState.DONE));
      for (int call = 1; call <= calls; call++) {
        EffectClass effect = CLASSES.get(luck.nextInt(CLASSES.size()));
        store(Steps.tool(seq + call, StepState.PLANNED, effect));
      }
      tail = Tail.ASSISTANT;
    }

    private void perform(Step step) {
      assertThat(ends).as("seed %d", seed).doesNotContainKey(step.seq());
      store(step.in(StepState.STARTED));
      maybeCrash();
      boolean deduplicated = step.effect() == EffectClass.KEYED && happened(step);
      if (!deduplicated) {
        effects.merge(step.seq(), 1, Integer::sum);
      }
      maybeCrash();
      finish(step, StepState.DONE);
    }

    private boolean happened(Step step) {
      return effects.getOrDefault(step.seq(), 0) > 0;
    }

    private void recover(Step step, Next.Recovery how) {
      if (step.kind() == Step.Kind.MODEL) {
        store(step.in(StepState.PLANNED));
        return;
      }
      switch (how) {
        case RUN_AGAIN -> perform(step);
        case UNKNOWN -> store(step.in(StepState.UNKNOWN));
        case LOOK_THEN_RUN -> {
          if (happened(step)) {
            finish(step, StepState.DONE);
          } else {
            perform(step);
          }
        }
        case LOOK_ELSE_UNKNOWN -> {
          if (happened(step)) {
            finish(step, StepState.DONE);
          } else {
            store(step.in(StepState.UNKNOWN));
          }
        }
      }
    }

    private void finish(Step step, StepState end) {
      ends.merge(step.seq(), 1, Integer::sum);
      store(step.in(end));
      tail = Tail.TOOLS;
    }

    private void reply() {
      int seq = steps.size() + 1;
      store(Steps.reply(seq));
      ends.merge(seq, 1, Integer::sum);
      replies++;
      if (openInputs == 0) {
        state = RunState.DONE;
      }
    }

    private void store(Step step) {
      if (step.seq() <= steps.size()) {
        steps.set(step.seq() - 1, step);
      } else {
        steps.add(step);
      }
    }

    void check() {
      assertThat(replies).isPositive();
      assertThat(ends.values()).as("ends per step, seed %d", seed).allMatch(n -> n == 1);
      for (Step step : steps) {
        assertThat(step.state()).isEqualTo(StepState.DONE);
        int happened = effects.getOrDefault(step.seq(), 0);
        if (step.kind() == Step.Kind.TOOL) {
          switch (step.effect()) {
            case PURE -> assertThat(happened).isPositive();
            case KEYED, RECONCILABLE -> assertThat(happened).isEqualTo(1);
            case SANDBOX, UNSAFE -> assertThat(happened).isLessThanOrEqualTo(1);
          }
        }
      }
    }
  }
}
