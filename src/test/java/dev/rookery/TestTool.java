package dev.rookery;

import dev.rookery.kernel.Json;
import dev.rookery.models.ToolSpec;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.util.function.Function;

/** A tool made of functions. */
public record TestTool(
    String name,
    EffectClass effectClass,
    Function<Call, ToolResult> work,
    Function<Call, Found> look)
    implements Tool {

  public static TestTool of(String name, EffectClass effect, Function<Call, ToolResult> work) {
    return new TestTool(name, effect, work, _ -> new Found.CannotTell());
  }

  @Override
  public ToolSpec spec() {
    return new ToolSpec(name, "Does " + name + ".", Json.object().put("type", "object"));
  }

  @Override
  public ToolResult call(Call call) {
    return work.apply(call);
  }

  @Override
  public Found lookUp(Call call) {
    return look.apply(call);
  }
}
