package dev.rookery.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of the house that bytecode or file names show. */
final class Habits {
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Impl|Manager|Helper|Helpers|Util|Utils)|(Abstract|Base)[A-Z].*|.+Base");
  private static final Pattern FRONT_DOOR =
      Pattern.compile("/\\*\\*.+\\*/\\s+@NullMarked\\s+package .+", Pattern.DOTALL);
  private static final Set<String> SPEAKERS = Set.of("cli", "demo", "bench");

  private Habits() {}

  static ArchRule namesSaySomething(House house) {
    return noClasses()
        .that(
            describe(
                "have an empty name (Impl, Manager, Helper, Util, Abstract, Base)",
                type -> EMPTY_NAME.matcher(type.getSimpleName()).matches()))
        .should()
        .haveNameMatching(".*");
  }

  static ArchRule optionalIsAReturnType(House house) {
    return noFields()
        .should()
        .haveRawType(Optional.class)
        .because("a field that may be missing is @Nullable, or a case of its own");
  }

  static ArchRule optionalIsNoParameter(House house) {
    return noCodeUnits()
        .that(describe("are written by hand", unit -> !unit.getName().startsWith("lambda$")))
        .should()
        .haveRawParameterTypes(
            describe(
                "Optional",
                types -> types.stream().anyMatch(t -> t.isEquivalentTo(Optional.class))));
  }

  static ArchRule failuresHaveATypeOfTheirOwn(House house) {
    return noClasses()
        .should()
        .callConstructorWhere(
            describe(
                "a bare RuntimeException",
                call ->
                    call.getTargetOwner().isEquivalentTo(RuntimeException.class)
                        && !call.getOriginOwner().isAssignableTo(RuntimeException.class)));
  }

  static ArchRule onlyTheCommandLineSpeaksToTheTerminal(House house) {
    return noClasses()
        .that(describe("are no commands", type -> !house.isIn(SPEAKERS, type)))
        .should()
        .accessTargetWhere(
            describe(
                "System.out, System.err or printStackTrace",
                access ->
                    (access.getTargetOwner().isEquivalentTo(System.class)
                            && Set.of("out", "err").contains(access.getName()))
                        || access.getName().equals("printStackTrace")));
  }

  static ArchRule testsWaitForConditions(House house) {
    return noClasses()
        .that(describe("hold tests", Habits::holdTests))
        .should()
        .callMethodWhere(
            describe(
                "sleep",
                call ->
                    call.getName().equals("sleep")
                        && call.getTargetOwner().getPackageName().startsWith("java.")));
  }

  static ArchRule testsAreNotDisabled(House house) {
    return noCodeUnits().should().beAnnotatedWith("org.junit.jupiter.api.Disabled");
  }

  private static boolean holdTests(JavaClass type) {
    return type.getMethods().stream()
        .anyMatch(
            method ->
                method.isAnnotatedWith("org.junit.jupiter.api.Test")
                    || method.isAnnotatedWith("org.junit.jupiter.params.ParameterizedTest")
                    || method.isAnnotatedWith("net.jqwik.api.Property"));
  }

  /** Rule 6: packages without a front door that says what the room is for, with null checks on. */
  static List<Path> roomsWithoutFrontDoor(Path sources) {
    try (var directories = Files.walk(sources)) {
      return directories
          .filter(Files::isDirectory)
          .filter(Habits::holdsClasses)
          .filter(directory -> !hasFrontDoor(directory.resolve("package-info.java")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean holdsClasses(Path directory) {
    try (var files = Files.list(directory)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasFrontDoor(Path file) {
    try {
      return Files.exists(file) && FRONT_DOOR.matcher(Files.readString(file)).lookingAt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
