package dev.rookery.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rookery.crash.Plan.Round;
import dev.rookery.runs.Boundary;
import dev.rookery.sandbox.Availability;
import dev.rookery.sandbox.Sandboxes;
import dev.rookery.store.Engine;
import dev.rookery.store.TestDatabases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of {@link CrashMatrixIT} alone, with a database of its own, on both engines. */
@Tag("long")
final class CrashMatrixLongIT {
  private static final int MOMENTS = 8;

  private static Stream<Arguments> cases() {
    List<String> places = new ArrayList<>(List.of(Round.IN_CALL, Round.ASKED));
    Stream.of(Boundary.values()).filter(b -> !b.waits()).map(Enum::name).forEach(places::add);
    return Stream.of(Engine.values())
        .flatMap(
            engine ->
                places.stream()
                    .flatMap(
                        place ->
                            CrashedNode.TOOLS.stream()
                                .map(tool -> Arguments.of(engine, place, tool))));
  }

  @ParameterizedTest(name = "{0}: {1} × {2}")
  @MethodSource("cases")
  void a_crash_alone_loses_and_repeats_nothing(Engine engine, String place, String tool) {
    check(engine, new Round(place, 1, 0, List.of(tool)));
  }

  private static Stream<Arguments> commands() {
    List<Round> rounds = new ArrayList<>();
    for (Boundary boundary : Boundary.values()) {
      if (boundary != Boundary.BUDGET_ASKED && boundary != Boundary.CHILDREN_AWAITED) {
        rounds.add(new Round(boundary.name(), 1, 0, List.of("bash")));
      }
    }
    rounds.add(new Round(Round.IN_CALL, 1, 0, List.of("bash_long")));
    rounds.add(new Round(Round.IN_CALL, 1, 0, List.of("bash_late")));
    IntStream.range(0, MOMENTS)
        .mapToObj(moment -> new Round(Round.IN_CALL, 1, moment, List.of("bash_brief")))
        .forEach(rounds::add);
    return Stream.of(Engine.values())
        .flatMap(engine -> rounds.stream().map(round -> Arguments.of(engine, round)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("commands")
  void a_command_is_done_as_its_shell_recorded_or_a_person_is_asked(Engine engine, Round round) {
    Availability sandbox = Sandboxes.diagnose(System.getenv());
    assumeTrue(sandbox.chosen().isPresent(), sandbox::sentence);

    check(engine, round);
  }

  private static void check(Engine engine, Round round) {
    try (Crash crash = new Crash(engine == Engine.SQLITE ? null : TestDatabases.freshServer())) {
      crash.run(List.of(round));
      try (CrashOutcome outcome = new CrashOutcome(crash)) {
        round.tools().forEach(tool -> outcome.check(round, tool));
        outcome.checkWhole(1);
      }
    }
  }
}
