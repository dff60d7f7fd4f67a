package dev.rookery.architecture;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.Set;

/** Who may import whom. */
final class Imports {
  private Imports() {}

  static ArchRule everyRoomIsOnTheMap(House house) {
    return classes()
        .should(
            new ArchCondition<JavaClass>("be in a room that is on the map") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                house
                    .room(type)
                    .filter(room -> House.ring(room) < 0)
                    .ifPresent(
                        room ->
                            events.add(
                                violated(
                                    type,
                                    type.getName()
                                        + " is in a room '"
                                        + room
                                        + "' that has no ring; enter it in House")));
              }
            });
  }

  /** Rule 1. Upward news travels as journal events. */
  static ArchRule pointDownOnly(House house) {
    return imports("point down only", house, Imports::pointsUp);
  }

  private static boolean pointsUp(House house, JavaClass from, JavaClass to) {
    if (house.isCompositionRoot(to)) {
      return !house.isIn(House.STARTERS, from);
    }
    return house.room(from).map(House::ring).orElse(Integer.MAX_VALUE)
        < house.room(to).map(House::ring).orElse(-1);
  }

  /** Rule 2, first half. */
  static ArchRule nobodyImportsAnEdge(House house) {
    return imports(
        "never name an edge",
        house,
        (map, from, to) ->
            map.isIn(House.EDGES, to)
                && !map.room(from).equals(map.room(to))
                && map.room(from)
                    .filter(room -> !allowedEdges(room).contains(map.room(to).orElseThrow()))
                    .isPresent());
  }

  private static Set<String> allowedEdges(String room) {
    return House.EDGES_THAT_IMPORT_EDGES.getOrDefault(room, Set.of());
  }

  /** Rule 2, second half: a channel knows its doors and the ground, and no other channel. */
  static ArchRule channelsKnowOnlyTheirDoors(House house) {
    return imports(
        "of channels name only inbox, delivery, integrations and the ground",
        house,
        (map, from, to) -> {
          if (!map.isIn(Set.of("channels"), from) || map.room(to).isEmpty()) {
            return false;
          }
          return map.isIn(Set.of("channels"), to)
              ? !from.getPackageName().equals(to.getPackageName())
              : !map.isIn(House.GROUND, to) && !map.isIn(House.DOORS_OF_CHANNELS, to);
        });
  }

  static ArchRule roomsFormNoCycle(House house) {
    return slices().matching(house.root() + ".(*)..").should().beFreeOfCycles();
  }

  /** As the rooms, so the packages inside of a room. */
  static ArchRule packagesFormNoCycle(House house) {
    return slices().matching(house.root() + ".(**)").should().beFreeOfCycles();
  }

  private interface Forbidden {
    boolean test(House house, JavaClass from, JavaClass to);
  }

  private static ArchRule imports(String what, House house, Forbidden forbidden) {
    return classes()
        .should(
            new ArchCondition<JavaClass>("have imports that " + what) {
              @Override
              public void check(JavaClass from, ConditionEvents events) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                  JavaClass to = dependency.getTargetClass().getBaseComponentType();
                  boolean another = !house.room(from).equals(house.room(to)) || isChannel(from);
                  if (another && isOurs(house, to) && forbidden.test(house, from, to)) {
                    events.add(violated(dependency, dependency.getDescription()));
                  }
                }
              }

              private boolean isChannel(JavaClass from) {
                return house.isIn(Set.of("channels"), from);
              }
            });
  }

  private static boolean isOurs(House house, JavaClass type) {
    return house.isCompositionRoot(type) || house.room(type).isPresent();
  }
}
