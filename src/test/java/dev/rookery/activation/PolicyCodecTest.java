package dev.rookery.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.activation.ActivationPolicy.Config;
import dev.rookery.activation.ActivationPolicy.Gate;
import dev.rookery.activation.ActivationPolicy.Mode;
import dev.rookery.activation.ActivationPolicy.Pause;
import dev.rookery.activation.ActivationPolicy.Relevance;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyCodecTest {
  private static final PolicyId ID = PolicyId.next();
  private static final OrgId ORG = OrgId.next();
  private static final AgentId AGENT = AgentId.next();

  private static ActivationPolicy read(String json) {
    return PolicyCodec.read(ID, ORG, AGENT, Json.parse(json.replace('\'', '"')));
  }

  private static Refusal refused(String json) {
    return catchThrowableOfType(Refusal.class, () -> read(json));
  }

  private static Refusal refusedFilter(String filter) {
    return refused("{'name':'n','trigger':'mention','filter':" + filter + "}");
  }

  @Test
  void name_and_trigger_are_enough() {
    ActivationPolicy policy = read("{'name':'n','trigger':'mention'}");
    assertThat(policy)
        .isEqualTo(
            new ActivationPolicy(
                ID,
                ORG,
                AGENT,
                "n",
                ActivationPolicy.Wake.on(Trigger.MENTION),
                ActivationPolicy.Scope.ANYWHERE,
                ActivationPolicy.Timing.DEFAULT,
                ActivationPolicy.Standing.ON));
  }

  @Test
  void what_is_written_reads_back_equal() {
    ActivationPolicy policy =
        read(
            """
            {'name':'n','trigger':'always','config':{'allow_bots':true,'on_edit':true},
             'filter':{'all':[{'any':[{'field':'text','op':'matches','value':'a+'},
               {'field':'/payload/a~1b','op':'in','value':['x',100,0.25,true]}]},
               {'not':{'field':'direct','op':'exists','value':false}},
               {'field':'/payload/n','op':'gte','value':1e40},
               {'field':'/payload','op':'contains','value':123456789012345678901234567890},
               {'field':'trust','op':'ne','value':'low'}]},
             'resource_ids':['r1','r2','r1'],'tool_ids':['clock'],'mode':'collect',
             'gate':'relevance','debounce_ms':500,'cooldown_ms':60000,'cooldown_messages':7,
             'rate':{'max_wakes':20,'window_ms':3600000},'enabled':false,
             'paused_until':'2027-01-01T00:00:00Z','pause_reason':'holidays'}
            """);
    var json = PolicyCodec.write(policy);
    json.remove(List.of("id", "agent_id"));
    assertThat(PolicyCodec.read(ID, ORG, AGENT, Json.parse(Json.write(json)))).isEqualTo(policy);
    assertThat(json.at("/filter/all/0/any/1/value/1").toString()).isEqualTo("100");
    assertThat(policy.scope().resourceIds()).containsExactly("r1", "r2");
    assertThat(policy.standing().pause())
        .isEqualTo(new Pause(Instant.parse("2027-01-01T00:00:00Z"), "holidays"));
    assertThat(PolicyCodec.filter(PolicyCodec.filterColumn(policy.wake().filter())))
        .isEqualTo(policy.wake().filter());
    assertThat(PolicyCodec.config(Trigger.ALWAYS, PolicyCodec.configColumn(policy.wake().config())))
        .isEqualTo(new Config(true, true, "{}"));
    assertThat(PolicyCodec.ids(PolicyCodec.idsColumn(List.of("a\"b", "c"))))
        .containsExactly("a\"b", "c");
  }

  @Test
  void the_settings_of_a_gate_read_back_equal() {
    ActivationPolicy policy =
        read(
            """
            {'name':'n','trigger':'ambient',
             'config':{'delay_ms':0,'about':'backups','exclusive':true,'allow_bots':true}}
            """);
    assertThat(policy.wake().config())
        .isEqualTo(new Config(true, false, new Relevance(Duration.ZERO, "backups", true), "{}"));
    assertThat(
            PolicyCodec.config(Trigger.AMBIENT, PolicyCodec.configColumn(policy.wake().config())))
        .isEqualTo(policy.wake().config());
    assertThat(read("{'name':'n','trigger':'ambient'}").wake().config().relevance())
        .isEqualTo(new Relevance(Duration.ofSeconds(8), "", false));
  }

  @ParameterizedTest
  @EnumSource(Trigger.class)
  void every_trigger_has_one_spelling(Trigger trigger) {
    assertThat(PolicyCodec.trigger(trigger.spelled())).isEqualTo(trigger);
  }

  @Test
  void modes_and_gates_have_one_spelling() {
    assertThat(Mode.values()).allMatch(mode -> PolicyCodec.mode(mode.spelled()) == mode);
    assertThat(Gate.values()).allMatch(gate -> PolicyCodec.gate(gate.spelled()) == gate);
  }

  @Test
  void a_pause_is_there_when_either_column_is() {
    assertThat(PolicyCodec.pause(null, null)).isNull();
    assertThat(PolicyCodec.pause(null, "why")).isEqualTo(new Pause(null, "why"));
    assertThat(PolicyCodec.pause(Given.NOW, null)).isEqualTo(new Pause(Given.NOW, ""));
    assertThat(PolicyCodec.filter(null)).isNull();
  }

  @Test
  void the_settings_of_a_schedule_are_carried_for_its_own_room() {
    ActivationPolicy policy =
        read("{'name':'n','trigger':'cron','config':{'zone':'Europe/Rome','cron':'0 9 * * *'}}");
    assertThat(policy.wake().config().details())
        .isEqualTo("{\"cron\":\"0 9 * * *\",\"zone\":\"Europe/Rome\"}");
    assertThat(PolicyCodec.config(Trigger.CRON, PolicyCodec.configColumn(policy.wake().config())))
        .isEqualTo(policy.wake().config());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                     | bad-value       | At the top: expected an object, found a list.
          {'trigger':'mention'}                                  | missing-field   | 'name'
          {'name':'n'}                                           | missing-field   | 'trigger'
          {'name':'n','trigger':null}                            | missing-field   | 'trigger'
          {'name':' ','trigger':'mention'}                       | bad-policy      | 1 to 100
          {'name':7,'trigger':'mention'}                         | bad-value       | At /name: expected text, found the number 7.
          {'name':'n','trigger':'hourly'}                        | unknown-trigger | At /trigger: there is no trigger 'hourly' here. Allowed: mention, ambient, always,
          {'name':'n','trigger':'Mention'}                       | unknown-trigger | 'Mention'
          {'name':'n','trigger':'mention','x/~y':1}              | unknown-field   | At /x~1~0y: there is no field 'x/~y' here. Allowed: name, trigger,
          {'name':'n','trigger':'mention','config':[]}           | bad-value       | At /config
          {'name':'n','trigger':'mention','config':{'every':1}}  | unknown-field   | At /config/every: there is no field 'every' here. Allowed: allow_bots, on_edit, about, exclusive.
          {'name':'n','trigger':'manual','config':{'on_edit':true}} | unknown-field | At /config/on_edit
          {'name':'n','trigger':'mention','config':{'allow_bots':'yes'}} | bad-value | At /config/allow_bots: expected true or false, found text.
          {'name':'n','trigger':'mention','mode':'queue'}        | unknown-mode    | steer, followup, collect
          {'name':'n','trigger':'mention','gate':'llm'}          | unknown-gate    | none, relevance
          {'name':'n','trigger':'mention','debounce_ms':-1}      | bad-policy      | debounce_ms
          {'name':'n','trigger':'mention','debounce_ms':1.5}     | bad-value       | At /debounce_ms: expected a whole number
          {'name':'n','trigger':'mention','cooldown_ms':1e400}   | bad-value       | At /cooldown_ms
          {'name':'n','trigger':'mention','cooldown_ms':99999999999999999999} | bad-value | At /cooldown_ms
          {'name':'n','trigger':'mention','cooldown_ms':9223372036854775807} | bad-policy | cooldown_ms
          {'name':'n','trigger':'mention','cooldown_messages':-1} | bad-policy     | cooldown_messages is between 0 and 1000.
          {'name':'n','trigger':'mention','cooldown_messages':4294967297} | bad-policy | cooldown_messages
          {'name':'n','trigger':'mention','rate':{'max_wakes':0,'window_ms':60000}} | bad-policy | max_wakes is between 1 and
          {'name':'n','trigger':'mention','rate':{'max_wakes':1}} | missing-field  | At /rate: the field 'window_ms'
          {'name':'n','trigger':'mention','rate':{'max_wakes':1,'window_ms':999}} | bad-policy | window_ms is between 1000 and
          {'name':'n','trigger':'mention','rate':5}              | bad-value       | At /rate: expected an object
          {'name':'n','trigger':'mention','config':{'delay_ms':5}} | unknown-field | At /config/delay_ms
          {'name':'n','trigger':'ambient','config':{'delay_ms':3600001}} | bad-policy | delay_ms is between 0 and 3600000
          {'name':'n','trigger':'ambient','config':{'wait':1}}   | unknown-field   | At /config/wait
          {'name':'n','trigger':'mention','resource_ids':'r'}    | bad-value       | At /resource_ids: expected a list, found text.
          {'name':'n','trigger':'mention','tool_ids':['a',1]}    | bad-value       | At /tool_ids/1
          {'name':'n','trigger':'mention','paused_until':'soon'} | bad-value       | At /paused_until: expected an instant
          {'name':'n','trigger':'mention','paused_until':'+1000000000-12-31T23:59:59Z'} | bad-value | At /paused_until
          """)
  void a_policy_that_does_not_fit_is_refused_where_it_does_not(
      String json, String code, String says) {
    Refusal refusal = refused(json);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                              | missing-field    | At /filter: the field 'field'
          'x'                                             | bad-value        | At /filter: expected an object
          {'all':[]}                                      | bad-value        | At /filter/all: expected at least one
          {'any':{}}                                      | bad-value        | At /filter/any: expected a list
          {'not':null}                                    | unknown-field    | At /filter/not
          {'all':[{'or':[]}]}                             | unknown-field    | At /filter/all/0/or: there is no field 'or' here. Allowed: all, any, not, field, op, value.
          {'all':[{'field':'text','op':'eq','value':'x'}],'op':'eq'} | unknown-field | At /filter/op
          {'not':{'field':'text','op':'like','value':'x'}} | unknown-operator | At /filter/not/op: there is no operator 'like' here. Allowed: eq, ne, in, contains, gt, gte, lt, lte, exists, matches.
          {'field':'txt','op':'eq','value':'x'}           | unknown-field    | At /filter/field: there is no field 'txt'. Allowed: source, type, actor.kind,
          {'field':'payload','op':'eq','value':'x'}       | unknown-field    | /payload/…
          {'field':'/payloads/x','op':'eq','value':'x'}   | unknown-field    | At /filter/field
          {'field':'/payload/~2','op':'eq','value':'x'}   | bad-value        | ~0
          {'field':'text','op':'eq'}                      | missing-field    | 'value'
          {'field':'text','op':'eq','value':null}         | missing-field    | 'value'
          {'field':'text','op':'eq','value':{}}           | bad-value        | At /filter/value: expected text, a number, true or false; found an object.
          {'field':'text','op':'in','value':'x'}          | bad-value        | expected a list
          {'field':'text','op':'in','value':[]}           | bad-value        | at least one
          {'field':'text','op':'in','value':['x',['y']]}  | bad-value        | At /filter/value/1
          {'field':'text','op':'gt','value':'5'}          | bad-value        | expected a number, found text
          {'field':'text','op':'gt','value':1e999}        | bad-value        | expected a number
          {'field':'text','op':'exists','value':'yes'}    | bad-value        | expected true or false
          {'field':'text','op':'matches','value':7}       | bad-value        | expected text
          {'field':'text','op':'matches','value':'('}     | bad-pattern      | At /filter/value: not valid RE2 syntax
          {'field':'text','op':'matches','value':'(a)\\\\1'} | bad-pattern   | RE2
          {'field':'text','op':'matches','value':'(?=a)'} | bad-pattern      | RE2
          {'field':'text','op':'matches','value':'a{1001}'} | bad-pattern    | counted repetitions
          {'field':'text','op':'matches','value':'a{99999999999}'} | bad-pattern | counted repetitions
          {'field':'text','op':'matches','value':'((a{100}){100}){100}'} | bad-pattern | counted repetitions
          {'field':'text','op':'matches','value':'((a{9}){2,99}){9,}'} | bad-pattern | counted repetitions
          {'field':'text','op':'matches','value':'(abcde){900}'} | bad-pattern | too large
          """)
  void a_filter_that_does_not_fit_is_refused_where_it_does_not(
      String filter, String code, String says) {
    Refusal refusal = refusedFilter(filter);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(says);
  }

  @Test
  void a_filter_is_bounded_in_depth_parts_and_patterns() {
    String rule = "{'field':'text','op':'exists','value':true}";
    String deep = "{'not':".repeat(15) + rule + "}".repeat(15);
    assertThat(read("{'name':'n','trigger':'mention','filter':" + deep + "}")).isNotNull();
    assertThat(refusedFilter("{'not':" + deep + "}").code()).isEqualTo("filter-too-deep");
    String wide = "{'all':[" + "%s,".formatted(rule).repeat(127) + rule + "]}";
    assertThat(refusedFilter("{'any':[" + wide + "," + wide + "]}").code())
        .isEqualTo("filter-too-large");
    String big = "{'field':'text','op':'matches','value':'(abcd){300}'}";
    assertThat(refusedFilter("{'any':[" + big + "," + big + "]}"))
        .hasMessageContaining("too large together");
    String longest = "{'field':'text','op':'matches','value':'" + "a".repeat(513) + "'}";
    assertThat(refusedFilter(longest)).hasMessageContaining("longer than 512");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
          (\\\\d{1,3}\\\\.){3}\\\\d{1,3}
          (?i)urgent|asap
          """)
  void ordinary_patterns_pass(String pattern) {
    assertThat(
            read(
                "{'name':'n','trigger':'mention','filter':{'field':'text','op':'matches','value':'"
                    + pattern
                    + "'}}"))
        .isNotNull();
  }
}
