package dev.rookery.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of DESIGN and CONTRIBUTING that a machine can check. Each is also run on a broken house
 * (package {@code fixtures}), where it must report its culprits, and never an innocent.
 */
class ArchitectureTest {
  private static final House HOUSE = new House("dev.rookery");
  private static final House BROKEN = new House("dev.rookery.architecture.fixtures");
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(HOUSE.root());
  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/architecture/fixtures/"))
          .importPackages(HOUSE.root());
  private static final JavaClasses FIXTURES = new ClassFileImporter().importPackages(BROKEN.root());

  /** An innocent as the origin of a violation; as its target it may well be named. */
  private static final Pattern INNOCENT =
      Pattern.compile("(Class|Method|Constructor|Field|Record) <[\\w.]*Innocent[\\w.$]*");

  /** A rule, and who breaks it in the broken house. */
  record Rule(String name, Function<House, ArchRule> make, List<String> culprits) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Rule> rulesOfImports() {
    return List.of(
        rule("rooms are on the map", Imports::everyRoomIsOnTheMap, "Stray"),
        rule("imports point down only", Imports::pointDownOnly, "LooksUp", "CallsTheRoot"),
        rule("nobody imports an edge", Imports::nobodyImportsAnEdge, "CallsThePage", "Borrower"),
        rule(
            "channels know only their doors",
            Imports::channelsKnowOnlyTheirDoors,
            "FaxKnowsAgents",
            "TelexBorrowsFax"),
        rule("rooms form no cycle", Imports::roomsFormNoCycle, "Hen", "Egg"),
        rule("packages form no cycle", Imports::packagesFormNoCycle, "Hen", "Egg"));
  }

  static List<Rule> rulesOfPlaces() {
    return List.of(
        rule(
            "machines, rules and deciders are pure",
            Places::machinesRulesAndDecidersArePure,
            "ClockedRules",
            "RandomMachine",
            "LoggingDecider",
            "JsonRules",
            "SqlMachine",
            "IdMakingRules"),
        rule("SQL lives in stores", Places::sqlLivesInStores, "SqlOutsideStores", "SqlMachine"),
        rule(
            "processes start in the sandbox",
            Places::processesStartInTheSandbox,
            "StartsProcess",
            "LaunchesProcess",
            "ExecutesCommand"),
        rule("models are called in models", Places::modelsAreCalledInModels, "CallsModel"),
        rule("ciphers are used in secrets", Places::ciphersAreUsedInSecrets, "Decrypts"),
        rule(
            "connections are opened by their owners",
            Places::connectionsAreOpenedByTheirOwners,
            "OpensConnection"),
        rule(
            "store methods take the org first",
            Places::storeMethodsTakeTheOrgFirst,
            "TenantlessStore.list",
            "TenantlessStore.find"));
  }

  static List<Rule> rulesOfHabits() {
    return List.of(
        rule(
            "names say something",
            Habits::namesSaySomething,
            "SkillManager",
            "AbstractSkill",
            "SkillUtils"),
        rule("Optional is a return type", Habits::optionalIsAReturnType, "KeepsOptional"),
        rule("Optional is no parameter", Habits::optionalIsNoParameter, "KeepsOptional"),
        rule("failures have a type", Habits::failuresHaveATypeOfTheirOwn, "ThrowsBare"),
        rule("only commands print", Habits::onlyTheCommandLineSpeaksToTheTerminal, "Prints"));
  }

  static List<Rule> rulesOfTests() {
    return List.of(
        rule("tests wait for conditions", Habits::testsWaitForConditions, "Sleepy"),
        rule("tests are not disabled", Habits::testsAreNotDisabled, "Sleepy"));
  }

  @ParameterizedTest
  @MethodSource({"rulesOfImports", "rulesOfPlaces", "rulesOfHabits"})
  void the_house_keeps_the_rule(Rule rule) {
    rule.make().apply(HOUSE).allowEmptyShould(true).check(MAIN);
  }

  @ParameterizedTest
  @MethodSource("rulesOfTests")
  void the_tests_keep_the_rule(Rule rule) {
    rule.make().apply(HOUSE).allowEmptyShould(true).check(TESTS);
  }

  @ParameterizedTest
  @MethodSource({"rulesOfImports", "rulesOfPlaces", "rulesOfHabits", "rulesOfTests"})
  void the_rule_finds_its_culprits_in_a_broken_house_and_no_innocent(Rule rule) {
    String report = rule.make().apply(BROKEN).evaluate(FIXTURES).getFailureReport().toString();
    assertThat(report).contains(rule.culprits());
    assertThat(INNOCENT.matcher(report).results().map(MatchResult::group)).isEmpty();
  }

  @Test
  void every_room_has_a_front_door_with_null_checks() {
    assertThat(Habits.roomsWithoutFrontDoor(Path.of("src/main/java/dev/rookery"))).isEmpty();
  }

  @Test
  void a_room_without_a_front_door_is_found() {
    Path fixtures = Path.of("src/test/java/dev/rookery/architecture/fixtures");
    assertThat(Habits.roomsWithoutFrontDoor(fixtures))
        .contains(fixtures.resolve("attic"), fixtures.resolve("agents"))
        .doesNotContain(fixtures.resolve("kernel"));
  }

  @Test
  void the_house_is_read_at_all() {
    assertThat(MAIN).hasSizeGreaterThan(40);
    assertThat(TESTS.contain(ArchitectureTest.class)).isTrue();
  }

  private static Rule rule(String name, Function<House, ArchRule> make, String... culprits) {
    return new Rule(name, make, List.of(culprits));
  }
}
