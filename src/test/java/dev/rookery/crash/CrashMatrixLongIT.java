package dev.rookery.crash;

import dev.rookery.crash.Plan.Round;
import dev.rookery.runs.Boundary;
import dev.rookery.store.Engine;
import dev.rookery.store.TestDatabases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of {@link CrashMatrixIT} alone, with a database of its own, on both engines. */
@Tag("long")
final class CrashMatrixLongIT {
  private static Stream<Arguments> cases() {
    List<String> places = new ArrayList<>(List.of(Round.IN_CALL));
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
    Round round = new Round(place, 1, 0, List.of(tool));
    try (Crash crash = new Crash(engine == Engine.SQLITE ? null : TestDatabases.freshServer())) {
      crash.run(List.of(round));
      try (CrashOutcome outcome = new CrashOutcome(crash)) {
        outcome.check(round, tool);
        outcome.checkWhole(1);
      }
    }
  }
}
