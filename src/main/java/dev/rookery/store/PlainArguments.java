package dev.rookery.store;

import java.lang.reflect.Type;
import java.sql.Types;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;

/**
 * The types that nearly all our parameters have. Registered last, it is asked first: JDBI goes
 * through some thirty factories for each parameter otherwise, a tenth of the writer's time.
 */
final class PlainArguments implements ArgumentFactory.Preparable {
  @Override
  public Optional<Function<Object, Argument>> prepare(Type type, ConfigRegistry config) {
    if (type == String.class) {
      return Optional.of(PlainArguments::text);
    }
    if (type == Long.class || type == long.class) {
      return Optional.of(PlainArguments::wholeNumber);
    }
    if (type == Integer.class || type == int.class) {
      return Optional.of(PlainArguments::smallNumber);
    }
    return Optional.empty();
  }

  private static Argument text(Object value) {
    return (position, statement, _) -> {
      if (value == null) {
        statement.setNull(position, Types.VARCHAR);
      } else {
        statement.setString(position, (String) value);
      }
    };
  }

  private static Argument wholeNumber(Object value) {
    return (position, statement, _) -> {
      if (value == null) {
        statement.setNull(position, Types.BIGINT);
      } else {
        statement.setLong(position, (Long) value);
      }
    };
  }

  private static Argument smallNumber(Object value) {
    return (position, statement, _) -> {
      if (value == null) {
        statement.setNull(position, Types.INTEGER);
      } else {
        statement.setInt(position, (Integer) value);
      }
    };
  }
}
