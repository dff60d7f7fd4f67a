package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Text;
import dev.rookery.models.ModelAnswer.Stop;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.Script.Failure;
import dev.rookery.models.Script.Pace;
import dev.rookery.models.Script.Then;
import dev.rookery.models.ScriptMatcher.Match;
import dev.rookery.models.ScriptMatcher.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers from a script. The answer depends on the request alone, so a run that is taken up after a
 * crash goes on as it would have; only {@code times} of a failure is counted in memory, for each
 * request by itself.
 */
final class ScriptedModel implements ChatModel {
  private final Script script;
  private final Duration stall;
  private final Map<String, Integer> failed = new ConcurrentHashMap<>();

  /**
   * @param stall how long a scripted stall lasts
   */
  ScriptedModel(Script script, Duration stall) {
    this.script = script;
    this.stall = stall;
  }

  @Override
  public ModelAnswer answer(
      ModelRequest request, Consumer<String> deltas, Cancellation cancellation) {
    View view = View.of(request);
    Match match = ScriptMatcher.match(script, view).orElseThrow(() -> unmatched(view));
    Then then = match.rule().then();
    await(then.pace().delay(), cancellation);
    String text = Text.clean(match.render(then.text()));
    DeltaStream stream = new DeltaStream(deltas);
    Failure failure = then.failure();
    if (failure != null && stillFails(match, failure, request)) {
      throw fail(failure, text, stream, cancellation);
    }
    say(text, then.pace(), stream, cancellation);
    List<ToolCall> calls = calls(match, request);
    return new ModelAnswer(
        text, calls, usage(then, request, text, calls), stop(then), script.model());
  }

  private static ModelFailure unmatched(View view) {
    return new ModelFailure(
        Reason.BAD_OUTPUT,
        Bearing.REJECTED,
        "No rule of the script matches turn "
            + view.turn()
            + " of this conversation. Add a last rule without conditions.",
        null);
  }

  private boolean stillFails(Match match, Failure failure, ModelRequest request) {
    if (failure.times() == 0) {
      return true;
    }
    String key = match.rule().number() + ":" + Digest.sha256(request.messages().toString());
    return failed.merge(key, 1, Integer::sum) <= failure.times();
  }

  private ModelFailure fail(
      Failure failure, String text, DeltaStream stream, Cancellation cancellation) {
    return switch (failure.kind()) {
      case RATE_LIMITED -> failed(failure, Reason.RATE_LIMITED, Bearing.OVERLOAD, "rate limit");
      case OVERLOADED -> failed(failure, Reason.UNAVAILABLE, Bearing.OVERLOAD, "overload");
      case UNAVAILABLE -> failed(failure, Reason.UNAVAILABLE, Bearing.ATTEMPT, "outage");
      case AUTH -> failed(failure, Reason.AUTH, Bearing.REJECTED, "refused key");
      case CONTEXT_OVERFLOW ->
          failed(failure, Reason.CONTEXT_OVERFLOW, Bearing.REJECTED, "context overflow");
      case GARBAGE -> failed(failure, Reason.BAD_OUTPUT, Bearing.ATTEMPT, "garbage");
      case DROP -> {
        stream.accept(Text.cut(text, Math.max(1, text.length() / 2)));
        yield failed(failure, Reason.UNAVAILABLE, Bearing.ATTEMPT, "drop in mid-stream");
      }
      case STALL -> {
        await(stall, cancellation);
        yield failed(failure, Reason.UNAVAILABLE, Bearing.ATTEMPT, "stall");
      }
    };
  }

  private static ModelFailure failed(Failure failure, Reason reason, Bearing bearing, String what) {
    return new ModelFailure(
        reason, bearing, "The script asks for this failure: " + what + ".", failure.retryAfter());
  }

  private static void say(String text, Pace pace, DeltaStream stream, Cancellation cancellation) {
    int chunk = pace.chunk() == 0 ? Math.max(1, text.length()) : pace.chunk();
    for (int from = 0; from < text.length(); from += chunk) {
      if (from > 0) {
        await(pace.pause(), cancellation);
      }
      stream.accept(text.substring(from, Math.min(text.length(), from + chunk)));
    }
  }

  private static List<ToolCall> calls(Match match, ModelRequest request) {
    List<ToolCall> calls = new ArrayList<>();
    for (Script.Call call : match.rule().then().calls()) {
      String id = "call_" + request.messages().size() + "_" + calls.size();
      calls.add(new ToolCall(id, call.tool(), filled(call.arguments(), match)));
    }
    return calls;
  }

  private static JsonNode filled(JsonNode node, Match match) {
    return switch (node) {
      case TextNode text ->
          TextNode.valueOf(Text.clean(match.render(Template.parse(text.textValue()))));
      case ObjectNode object -> {
        ObjectNode filled = Json.object();
        object.properties().forEach(e -> filled.set(e.getKey(), filled(e.getValue(), match)));
        yield filled;
      }
      case ArrayNode array -> {
        ArrayNode filled = Json.object().arrayNode(array.size());
        array.forEach(e -> filled.add(filled(e, match)));
        yield filled;
      }
      default -> node;
    };
  }

  private static Usage usage(Then then, ModelRequest request, String text, List<ToolCall> calls) {
    Usage given = then.usage();
    return given != null
        ? given
        : new Usage(
            Tokens.estimate(request),
            Tokens.estimate(new ModelMessage.Assistant(text, calls)),
            0,
            0);
  }

  private static Stop stop(Then then) {
    Stop given = then.stop();
    if (given != null) {
      return given;
    }
    return then.calls().isEmpty() ? Stop.END : Stop.TOOL_CALLS;
  }

  private static void await(Duration time, Cancellation cancellation) {
    CountDownLatch stopped = new CountDownLatch(1);
    try (var _ = cancellation.onCancel(stopped::countDown)) {
      if (cancellation.cancelled()
          || (!time.isZero() && stopped.await(time.toNanos(), TimeUnit.NANOSECONDS))) {
        throw ModelFailure.cancelled();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ModelFailure.cancelled();
    }
  }
}
