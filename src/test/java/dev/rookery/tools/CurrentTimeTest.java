package dev.rookery.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.kernel.TestClock;
import dev.rookery.models.Cancellation;
import dev.rookery.tools.Tool.ToolResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CurrentTimeTest {
  private final CurrentTime tool = new CurrentTime(new TestClock());

  @Test
  void it_tells_the_time_of_the_zone() {
    assertThat(call("{\"zone\": \"Europe/Berlin\"}"))
        .isEqualTo(ToolResult.ok("2026-01-05T10:00:00+01:00 (Monday, Europe/Berlin)"));
    assertThat(call("{\"zone\": \"Pacific/Kiritimati\"}").text()).contains("23:00:00+14:00");
    assertThat(call("{}").text()).isEqualTo("2026-01-05T09:00:00Z (Monday, UTC)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"zone\": \"Mars/Olympus\"}", "{\"zone\": \"\"}", "{\"zone\": 5}"})
  void an_unknown_zone_is_an_error_that_names_the_argument(String arguments) {
    ToolResult result = call(arguments);

    assertThat(result.error()).isTrue();
    assertThat(result.text()).contains("/zone");
  }

  @Test
  void it_is_pure_and_its_own_schema_is_usable() {
    assertThat(tool.effectClass()).isEqualTo(EffectClass.PURE);
    ArgumentSchema.check(tool.spec().schema());
  }

  private ToolResult call(String arguments) {
    var caller = new Tool.Caller(OrgId.next(), AgentId.next(), RunId.next(), 1, "test:1", 1);
    return tool.call(new Tool.Call(caller, Json.parse(arguments), "key", Cancellation.NEVER));
  }
}
