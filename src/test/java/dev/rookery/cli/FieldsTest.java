package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  @Test
  void a_bare_json_option_selects_everything() {
    JsonNode value = json("{'a':1,'b':{'c':2}}");
    assertThat(Fields.of("*").select(value)).isSameAs(value);
  }

  @Test
  void fields_are_selected_by_name_and_path_in_the_order_asked_for() {
    assertThat(Fields.of("b.c, a").select(json("{'a':1,'b':{'c':2},'d':3}")))
        .isEqualTo(json("{'b.c':2,'a':1}"));
  }

  @Test
  void in_a_list_the_fields_are_those_of_its_items() {
    JsonNode page = json("{'items':[{'id':'x','s':1},{'id':'y'}],'next':'y'}");
    assertThat(Fields.of("id,s").select(page))
        .isEqualTo(json("{'items':[{'id':'x','s':1},{'id':'y','s':null}],'next':'y'}"));
  }

  @Test
  void an_unknown_field_is_a_usage_error_that_names_the_known_ones() {
    assertThatThrownBy(() -> Fields.of("nope").select(json("{'id':1,'state':2}")))
        .isInstanceOfSatisfying(
            CliFailure.class, e -> assertThat(e.exitCode()).isEqualTo(Exit.USAGE))
        .hasMessageContaining("nope")
        .hasMessageContaining("id, state");
  }

  @Test
  void an_empty_list_has_every_field() {
    assertThat(Fields.of("id").select(json("{'items':[],'next':null}")))
        .isEqualTo(json("{'items':[],'next':null}"));
  }
}
