package dev.rookery.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class InvokingTest {
  private static ObjectNode json(String text) {
    return (ObjectNode) Json.parse(text.replace('\'', '"'));
  }

  @Test
  void params_go_into_the_path_and_the_rest_into_the_body() {
    ObjectNode params = json("{'agent':'ro/ok ?','name':'n','config':{'every_ms':1}}");
    Calls.Invocation call = Invoking.of("schedule.create", params);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/api/v1/agents/ro%2Fok%20%3F/policies");
    assertThat(call.body()).isEqualTo(json("{'name':'n','config':{'every_ms':1}}"));
    assertThat(call.query()).isEmpty();
    assertThat(params.has("agent")).as("the frame stays as it is").isTrue();
  }

  @Test
  void params_of_a_question_go_into_the_query() {
    Calls.Invocation call =
        Invoking.of("run.list", json("{'limit':5,'state':'done','agent':null}"));
    assertThat(call.query()).isEqualTo(Map.of("limit", "5", "state", "done"));
    assertThat(call.body()).isNull();
  }

  @Test
  void an_idempotency_key_becomes_a_header() {
    Calls.Invocation call =
        Invoking.of("run.create", json("{'agent':'rook','text':'hi','idempotency_key':'k'}"));
    assertThat(call.headers()).isEqualTo(Map.of("Idempotency-Key", "k"));
    assertThat(call.body()).isEqualTo(json("{'agent':'rook','text':'hi'}"));
  }

  @Test
  void permissions_have_words_of_their_own() {
    assertThat(Invoking.of("permission.respond", json("{'id':'a','answer':'allow'}")).body())
        .isEqualTo(json("{'answer':'allow_once'}"));
    assertThat(Invoking.of("permission.respond", json("{'id':'a','answer':'always'}")).body())
        .isEqualTo(json("{'answer':'allow_always'}"));
    assertThat(
            Invoking.of("permission.respond", json("{'id':'a','answer':'deny','text':'no'}"))
                .body())
        .isEqualTo(json("{'answer':'deny','words':'no'}"));
  }

  @Test
  void any_route_is_called_by_its_path() {
    Calls.Invocation call =
        Invoking.of(
            "api.call",
            json(
                "{'method':'PATCH','path':'/api/v1/agents/rook','body':{'name':'R'},"
                    + "'query':{'a':1},'if_match':'e'}"));
    assertThat(call.method()).isEqualTo("PATCH");
    assertThat(call.path()).isEqualTo("/api/v1/agents/rook");
    assertThat(call.query()).isEqualTo(Map.of("a", "1"));
    assertThat(call.headers()).isEqualTo(Map.of("If-Match", "e"));
    assertThat(call.body()).isEqualTo(json("{'name':'R'}"));
  }

  @Property(tries = 300)
  void whatever_a_client_sends_is_a_value(@ForAll String text) {
    assertThat(FrameReader.read(text)).isInstanceOf(Frame.Broken.class);
    ObjectNode frame = Json.object().put("type", "req").put("id", "1").put("method", text);
    assertThat(FrameReader.read(Json.write(frame))).isInstanceOf(Frame.Asked.class);
  }
}
