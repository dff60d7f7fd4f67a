package dev.rookery.runs;

import dev.rookery.tools.EffectClass;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One decision of a run with a journal of so many steps; the last tool call is planned. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RunMachineBenchmark {
  @Param({"2", "50"})
  int steps;

  private List<Step> journal = List.of();

  /** Makes the journal. */
  @Setup
  public void fill() {
    List<Step> made = new ArrayList<>();
    for (int seq = 1; seq < steps; seq++) {
      made.add(step(seq, StepState.DONE));
    }
    made.add(step(steps, StepState.PLANNED));
    journal = List.copyOf(made);
  }

  private static Step step(int seq, StepState state) {
    boolean tool = seq % 2 == 0;
    return new Step(
        seq,
        tool ? Step.Kind.TOOL : Step.Kind.MODEL,
        state,
        tool ? "current_time" : "scripted",
        tool ? "call_" + seq : null,
        EffectClass.PURE,
        new Step.Body("key" + seq, "{}", state == StepState.DONE ? "{}" : null, false),
        1);
  }

  /** View and decision, as the interpreter makes them. */
  @Benchmark
  public Object decide() {
    return RunMachine.next(
        new RunMachine.View(
            RunState.RUNNING,
            journal,
            RunMachine.Tail.ASSISTANT,
            0,
            new RunMachine.Bounds(false, 100)));
  }
}
