package dev.rookery.store;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.DefinedAttributeTemplateEngine;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * SQL without {@code <lists>} is its own text; JDBI would put it together anew each time, a
 * twentieth of the writer's time. JDBI keeps what is parsed here.
 */
final class PlainTemplates implements TemplateEngine.Parsing {
  private static final Pattern PLACE = Pattern.compile("<\\w|\\\\");
  private final DefinedAttributeTemplateEngine full = new DefinedAttributeTemplateEngine();

  @Override
  public Optional<Function<StatementContext, String>> parse(
      String template, ConfigRegistry config) {
    return PLACE.matcher(template).find()
        ? full.parse(template, config)
        : Optional.of(_ -> template);
  }
}
