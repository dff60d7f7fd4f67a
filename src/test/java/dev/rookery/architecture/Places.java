package dev.rookery.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Set;

/** What may happen only in one place of the house. */
final class Places {
  private static final String[] SQL = {
    "java.sql..", "javax.sql..", "org.jdbi..", "com.zaxxer..", "org.sqlite..", "org.postgresql.."
  };
  private static final String[] OUTSIDE_OF_PURE_CODE = {
    "java.sql..",
    "javax.sql..",
    "org.jdbi..",
    "java.net..",
    "java.nio.file..",
    "javax.crypto..",
    "io.javalin..",
    "dev.langchain4j..",
    "com.fasterxml.jackson..",
    "org.snakeyaml..",
    "org.slf4j..",
    "ch.qos.logback..",
    "io.micrometer..",
    "java.util.random..",
    "java.util.concurrent.locks.."
  };
  private static final Set<String> NOT_IN_PURE_CODE =
      Set.of(
          "java.io.File",
          "java.lang.Thread",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Random",
          "java.util.concurrent.ThreadLocalRandom",
          "java.security.SecureRandom");

  private static final Set<String> CONNECTIONS =
      Set.of(
          "java.net.http.HttpClient",
          "java.net.Socket",
          "java.net.URLConnection",
          "java.nio.channels.SocketChannel");

  private static final Set<String> PURE_PARTS_OF_SYSTEM = Set.of("arraycopy", "lineSeparator");

  private Places() {}

  /** Rule 3. */
  static ArchRule machinesRulesAndDecidersArePure(House house) {
    return noClasses()
        .that(areNamed("Machine", "Rules", "Decider"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(OUTSIDE_OF_PURE_CODE)
                .or(describe("are impure", type -> isImpure(house, type))))
        .orShould()
        .accessTargetWhere(describe("read a clock or a random source", a -> isUnsteady(house, a)));
  }

  private static boolean isImpure(House house, JavaClass type) {
    return NOT_IN_PURE_CODE.contains(type.getName())
        || type.getName().equals(house.root() + ".kernel.Json")
        || type.getName().equals(house.root() + ".kernel.SteadyClock")
        || type.getName().equals(house.root() + ".store.Tx");
  }

  private static boolean isUnsteady(House house, JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    return (owner.startsWith("java.time.") && name.equals("now"))
        || (owner.equals("java.lang.System") && !PURE_PARTS_OF_SYSTEM.contains(name))
        || (owner.equals("java.lang.Math") && name.equals("random"))
        || (owner.equals("java.util.UUID") && name.equals("randomUUID"))
        || (owner.startsWith(house.root() + ".kernel.") && name.equals("next"));
  }

  /** Rule 4: SQL. */
  static ArchRule sqlLivesInStores(House house) {
    return noClasses()
        .that(describe("are outside store", type -> !house.isIn(Set.of("store"), type)))
        .and(DescribedPredicate.not(areNamed("Store")))
        .should()
        .dependOnClassesThat(resideInAnyPackage(SQL));
  }

  /** Rule 4: processes. */
  static ArchRule processesStartInTheSandbox(House house) {
    return onlyIn(house, House.PROCESS_STARTERS)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName(house.root() + ".posix.Launch")
        .orShould()
        .callMethodWhere(
            describe(
                "Runtime.exec",
                call ->
                    call.getTargetOwner().isEquivalentTo(Runtime.class)
                        && call.getName().equals("exec")));
  }

  /** Rule 4: models. */
  static ArchRule modelsAreCalledInModels(House house) {
    return onlyIn(house, Set.of("models"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.langchain4j..");
  }

  /** Rule 4: decryption. */
  static ArchRule ciphersAreUsedInSecrets(House house) {
    return onlyIn(house, Set.of("secrets"))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("javax.crypto.Cipher");
  }

  /** Rule 4: outgoing connections. */
  static ArchRule connectionsAreOpenedByTheirOwners(House house) {
    return onlyIn(house, House.CALLERS)
        .and(describe("are not guarded", type -> !outermost(type).startsWith("Guarded")))
        .should()
        .dependOnClassesThat(
            describe(
                "open connections",
                type ->
                    CONNECTIONS.contains(type.getName())
                        || type.getPackageName().startsWith("org.apache.hc.client5")))
        .orShould()
        .callMethodWhere(
            describe(
                "URL.openStream",
                call ->
                    call.getName().equals("openStream")
                        && call.getTargetOwner().getName().equals("java.net.URL")));
  }

  /** Rule 5: after the transaction, the organization comes first. */
  static ArchRule storeMethodsTakeTheOrgFirst(House house) {
    String systemScope = house.root() + ".store.SystemScope";
    return classes()
        .that(describe("are stores", type -> type.getSimpleName().endsWith("Store")))
        .and(describe("are outside store", type -> !house.isIn(Set.of("store"), type)))
        .should(
            new ArchCondition<JavaClass>("take OrgId first or say @SystemScope") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (JavaMethod method : type.getMethods()) {
                  if (isOffered(method)
                      && !takesOrgFirst(house, method)
                      && !method.isAnnotatedWith(systemScope)
                      && !type.isAnnotatedWith(systemScope)) {
                    events.add(violated(method, method.getFullName() + " takes no OrgId first"));
                  }
                }
              }
            });
  }

  private static boolean isOffered(JavaMethod method) {
    Set<JavaModifier> modifiers = method.getModifiers();
    return !modifiers.contains(JavaModifier.PRIVATE)
        && !modifiers.contains(JavaModifier.SYNTHETIC)
        && !modifiers.contains(JavaModifier.BRIDGE)
        && !Set.of("toString", "equals", "hashCode", "close").contains(method.getName());
  }

  private static boolean takesOrgFirst(House house, JavaMethod method) {
    return method.getRawParameterTypes().stream()
        .map(JavaClass::getName)
        .filter(name -> !name.equals(house.root() + ".store.Tx"))
        .findFirst()
        .filter(name -> name.equals(house.root() + ".kernel.OrgId"))
        .isPresent();
  }

  private static GivenClassesConjunction onlyIn(House house, Set<String> rooms) {
    return noClasses().that(describe("are outside " + rooms, type -> !house.isIn(rooms, type)));
  }

  private static DescribedPredicate<JavaClass> areNamed(String... endings) {
    return describe(
        "are named *" + String.join("/*", endings),
        type -> Set.of(endings).stream().anyMatch(outermost(type)::endsWith));
  }

  /** A nested class answers for the class it is written in. */
  static String outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.getSimpleName();
  }
}
