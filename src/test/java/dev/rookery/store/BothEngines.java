package dev.rookery.store;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs all tests of the class on SQLite and on PostgreSQL. The class takes one constructor
 * parameter, a {@link TestDatabase} that its tests share and that is dropped after the last of
 * them; each test works in an organization of its own.
 *
 * <pre>{@code
 * @BothEngines
 * final class AgentsIT {
 *   private final Agents agents;
 *
 *   AgentsIT(TestDatabase db) {
 *     agents = new Agents(db.database(), …);
 *   }
 * }
 * }</pre>
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@ArgumentsSource(BothEngines.Fresh.class)
public @interface BothEngines {

  /** One fresh database per engine, opened when first used. */
  final class Fresh implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      return Arrays.stream(Engine.values()).map(TestDatabases::fresh).map(Arguments::of);
    }
  }
}
