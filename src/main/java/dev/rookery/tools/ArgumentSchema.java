package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import java.util.Locale;

/** What a tool's arguments may be: JSON Schema 2020-12, without references to other documents. */
final class ArgumentSchema {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final int SHOWN = 5;
  private static final int MAX_SIZE = 64_000;

  private final Schema schema;

  private ArgumentSchema(Schema schema) {
    this.schema = schema;
  }

  static ArgumentSchema of(JsonNode schema) {
    return new ArgumentSchema(registry().getSchema(Json.write(schema), InputFormat.JSON));
  }

  /**
   * @throws Refusal {@code bad-schema}, saying where it is wrong
   */
  static void check(JsonNode schema) {
    if (!schema.isObject() || !schema.path("type").asText().equals("object")) {
      throw badSchema("it must be an object with \"type\": \"object\"");
    }
    if (!schema.path("$schema").asText(DIALECT).equals(DIALECT)) {
      throw badSchema("only draft 2020-12 is understood");
    }
    refuseForeignReferences(schema);
    String json = Json.write(schema);
    if (json.length() > MAX_SIZE) {
      throw badSchema("it is longer than 64 kB");
    }
    try {
      List<Error> errors =
          registry().getSchema(SchemaLocation.of(DIALECT)).validate(json, InputFormat.JSON);
      if (!errors.isEmpty()) {
        throw badSchema(describe(errors));
      }
      of(schema).violations(Json.object()); // resolves references and compiles patterns
    } catch (Refusal e) {
      throw e;
    } catch (RuntimeException e) {
      throw badSchema(Text.brief(String.valueOf(e.getMessage()), 200));
    }
  }

  /** What is wrong with the arguments, for the model to correct; empty when they fit. */
  String violations(JsonNode arguments) {
    return describe(schema.validate(Json.write(arguments), InputFormat.JSON));
  }

  private static String describe(List<Error> errors) {
    StringBuilder text = new StringBuilder();
    for (Error error : errors.subList(0, Math.min(SHOWN, errors.size()))) {
      text.append(text.isEmpty() ? "" : "; ")
          .append("at '")
          .append(error.getInstanceLocation())
          .append("': ")
          .append(error.getMessage());
    }
    if (errors.size() > SHOWN) {
      text.append("; and ").append(errors.size() - SHOWN).append(" more");
    }
    return text.toString();
  }

  /** Nothing is ever fetched on behalf of a schema. */
  private static void refuseForeignReferences(JsonNode node) {
    for (String keyword : List.of("$ref", "$dynamicRef")) {
      JsonNode reference = node.path(keyword);
      if (reference.isTextual() && !reference.asText().startsWith("#")) {
        throw badSchema("it refers to another document: " + Text.brief(reference.asText(), 80));
      }
    }
    node.forEach(ArgumentSchema::refuseForeignReferences);
  }

  private static Refusal badSchema(String why) {
    return Refusal.badInput("bad-schema", "The tool's JSON schema is not usable: %s.", why);
  }

  /** A registry keeps every schema it has seen, so each schema gets its own. */
  private static SchemaRegistry registry() {
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder ->
            builder.schemaRegistryConfig(
                SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));
  }
}
