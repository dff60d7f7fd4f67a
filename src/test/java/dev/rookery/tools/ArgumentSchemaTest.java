package dev.rookery.tools;

import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentSchemaTest {
  private static final String CITY =
      """
      {"type": "object", "required": ["city"], "additionalProperties": false, "properties": {
        "city": {"type": "string", "minLength": 1},
        "days": {"$ref": "#/$defs/days"},
        "where": {"type": "object", "properties": {"a/b": {"type": "array", "items": {"type": "integer"}}}}},
       "$defs": {"days": {"type": "integer", "maximum": 7}}}
      """;

  @Test
  void arguments_that_fit_have_no_violations() {
    assertThat(violations("{\"city\": \"Köln\", \"days\": 7}")).isEmpty();
  }

  @Test
  void a_violation_names_the_place_by_json_pointer() {
    assertThat(violations("{\"city\": 5}")).contains("'/city'").contains("string");
    assertThat(violations("{\"city\": \"x\", \"days\": 8}")).contains("'/days'").contains("7");
    assertThat(violations("{\"city\": \"x\", \"where\": {\"a/b\": [1, \"2\"]}}"))
        .contains("'/where/a~1b/1'");
    assertThat(violations("{}")).contains("''").contains("city");
    assertThat(violations("[]")).contains("object");
    assertThat(violations("{\"city\": \"x\", \"extra\": 1}")).contains("extra");
  }

  @Test
  void only_the_first_violations_are_told() {
    assertThat(
            violations(
                "{\"city\": \"x\", \"where\": {\"a/b\": [\"\",\"\",\"\",\"\",\"\",\"\",\"\"]}}"))
        .contains("and 2 more");
  }

  private static String violations(String arguments) {
    return ArgumentSchema.of(Json.parse(CITY)).violations(Json.parse(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "[]",
        "{}",
        "{\"type\": \"string\"}",
        "{\"type\": [\"object\"]}",
        "{\"type\": \"object\", \"properties\": 5}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"strin\"}}}",
        "{\"type\": \"object\", \"required\": \"a\"}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"http://127.0.0.1/x\"}}}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"file:///etc/passwd\"}}}",
        "{\"type\": \"object\", \"$schema\": \"http://json-schema.org/draft-04/schema#\"}"
      })
  void what_is_no_schema_for_arguments_is_refused(String schema) {
    refused("bad-schema", () -> ArgumentSchema.check(Json.parse(schema)));
  }

  @Test
  void usual_schemas_are_accepted() {
    ArgumentSchema.check(Json.parse(CITY));
    ArgumentSchema.check(Json.parse("{\"type\": \"object\"}"));
    ArgumentSchema.check(
        Json.parse(
            "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"object\"}"));
  }
}
