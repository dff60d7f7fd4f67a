package dev.rookery.activation;

import static dev.rookery.activation.Given.facts;
import static dev.rookery.activation.Given.filter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterRulesTest {
  private static final String[] VALUES = {
    "'bug'", "7", "7.0", "true", "['bug',7,true]", "{'bug':7}", "null", "'7'", "1e999"
  };

  /** One column per value above, then the missing field: 1 for true. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          eq       | 'bug'          | 1 0 0 0 0 0 0 0 0 0
          eq       | 7              | 0 1 1 0 0 0 0 0 0 0
          eq       | 7.00           | 0 1 1 0 0 0 0 0 0 0
          eq       | true           | 0 0 0 1 0 0 0 0 0 0
          eq       | 'true'         | 0 0 0 0 0 0 0 0 0 0
          ne       | 'bug'          | 0 1 1 1 1 1 1 1 1 1
          ne       | 7              | 1 0 0 1 1 1 1 1 1 1
          ne       | true           | 1 1 1 0 1 1 1 1 1 1
          in       | ['bug', 7]     | 1 1 1 0 0 0 0 0 0 0
          in       | [true, '7']    | 0 0 0 1 0 0 0 1 0 0
          contains | 'u'            | 1 0 0 0 0 0 0 0 0 0
          contains | 'bug'          | 1 0 0 0 1 0 0 0 0 0
          contains | 7.0            | 0 0 0 0 1 0 0 0 0 0
          contains | true           | 0 0 0 0 1 0 0 0 0 0
          gt       | 6.9            | 0 1 1 0 0 0 0 0 0 0
          gt       | 7              | 0 0 0 0 0 0 0 0 0 0
          gte      | 7              | 0 1 1 0 0 0 0 0 0 0
          lt       | 7              | 0 0 0 0 0 0 0 0 0 0
          lt       | 70             | 0 1 1 0 0 0 0 0 0 0
          lte      | 7.0            | 0 1 1 0 0 0 0 0 0 0
          exists   | true           | 1 1 1 1 1 1 0 1 1 0
          exists   | false          | 0 0 0 0 0 0 1 0 0 1
          matches  | '^b.g$'        | 1 0 0 0 0 0 0 0 0 0
          matches  | '[0-9a-z]'     | 1 0 0 0 0 0 0 1 0 0
          """)
  void every_operator_meets_every_type(String operator, String operand, String expected) {
    StringBuilder found = new StringBuilder();
    for (String value : VALUES) {
      found.append(truth(operator, operand, "{'x':" + value + "}")).append(' ');
    }
    found.append(truth(operator, operand, "{}"));
    assertThat(found).hasToString(expected);
  }

  private static int truth(String operator, String operand, String payload) {
    String json = "{'field':'/payload/x','op':'%s','value':%s}".formatted(operator, operand);
    boolean yes = FilterRules.matches(filter(json), facts(payload));
    boolean no = FilterRules.matches(filter("{'not':" + json + "}"), facts(payload));
    assertThat(no).isNotEqualTo(yes);
    return yes ? 1 : 0;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          source       | 'telegram:int'
          type         | 'message'
          actor.kind   | 'person'
          actor.id     | '42'
          actor.name   | 'Ada'
          conversation | 'telegram:7'
          text         | 'Deploy failed'
          direct       | true
          addressed    | true
          trust        | 'verified'
          /payload/a~1b/1/~0 | 3
          /payload/    | 'empty name'
          """)
  void every_field_is_seen(String field, String value) {
    assertThat(
            FilterRules.matches(
                filter("{'field':'%s','op':'eq','value':%s}".formatted(field, value)),
                facts("{'a/b':[0,{'~':3}],'':'empty name'}")))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"resource", "command", "/payload/x/y", "/payload/0"})
  void what_is_not_there_is_missing(String field) {
    assertThat(
            FilterRules.matches(
                filter("{'field':'%s','op':'exists','value':false}".formatted(field)),
                facts("{'x':1}")))
        .isTrue();
  }

  @Test
  void the_payload_itself_is_a_field() {
    Filter list = filter("{'field':'/payload','op':'contains','value':2}");
    assertThat(FilterRules.matches(list, facts("[1,2]"))).isTrue();
    assertThat(FilterRules.matches(list, facts("2"))).isFalse();
  }

  @Test
  void groups_combine() {
    String yes = "{'field':'type','op':'eq','value':'message'}";
    String no = "{'not':" + yes + "}";
    assertThat(truth("{'all':[%s,%s]}".formatted(yes, yes))).isTrue();
    assertThat(truth("{'all':[%s,%s]}".formatted(yes, no))).isFalse();
    assertThat(truth("{'any':[%s,%s]}".formatted(no, yes))).isTrue();
    assertThat(truth("{'any':[%s,%s]}".formatted(no, no))).isFalse();
  }

  private static boolean truth(String json) {
    return FilterRules.matches(filter(json), facts("{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a+)+$",
        "^(a|aa)+$",
        "^(a|a?)+$",
        "(.*a){20}$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(a*)*b",
        "(?:a?){30}a{30}$"
      })
  void patterns_that_hang_other_engines_answer_on_long_texts_too(String pattern) {
    Filter hostile = filter("{'field':'/payload','op':'matches','value':'%s'}".formatted(pattern));
    Facts facts = facts("'" + "a".repeat(100_000) + "!'");
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> FilterRules.matches(hostile, facts));
  }

  @Test
  void a_hostile_pattern_answers_on_a_hundred_thousand_characters() {
    Filter hostile = filter("{'field':'/payload','op':'matches','value':'^(a+)+$'}");
    String text = "a".repeat(100_000);
    assertThat(FilterRules.matches(hostile, facts("'" + text + "'"))).isTrue();
    assertThat(FilterRules.matches(hostile, facts("'" + text + "!'"))).isFalse();
  }

  @Test
  void a_text_beyond_the_limit_is_matched_up_to_it() {
    Filter late = filter("{'field':'/payload','op':'matches','value':'needle'}");
    String hay = "-".repeat(FilterRules.MATCHED_TEXT);
    assertThat(FilterRules.matches(late, facts("'" + hay + "needle'"))).isFalse();
    assertThat(FilterRules.matches(late, facts("'" + hay.substring(6) + "needle'"))).isTrue();
  }
}
