package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.models.ModelAnswer.Stop;
import dev.rookery.models.ModelAnswer.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what LangChain4j assembled, and checks it. */
final class AnswerCollector implements StreamingChatResponseHandler {
  private final Provider provider;
  private final DeltaStream deltas;
  private final StringBuilder text = new StringBuilder();
  private @Nullable ChatResponse response;
  private boolean broken;

  AnswerCollector(Provider provider, Consumer<String> deltas) {
    this.provider = provider;
    this.deltas = new DeltaStream(deltas);
  }

  @Override
  public void onPartialResponse(String piece) {
    text.append(piece);
    deltas.accept(piece);
  }

  @Override
  public void onCompleteResponse(ChatResponse complete) {
    response = complete;
  }

  /** What is reported here came from LangChain4j: it could not make sense of an event. */
  @Override
  public void onError(Throwable error) {
    broken = true;
  }

  ModelAnswer answer(Dialect dialect, StreamWatch watch, ModelRequest request) {
    ChatResponse complete = response;
    Stop said = watch.stop();
    if (broken || complete == null || said == null) {
      throw WireErrors.badOutput(provider, "sent an answer that does not follow its protocol");
    }
    // What a model began before it refused is not to be carried out.
    List<ToolCall> calls =
        said == Stop.REFUSAL
            ? List.of()
            : calls(complete.aiMessage().toolExecutionRequests(), said, request);
    // Some servers say "stop" where they call tools.
    Stop stop = said == Stop.END && !calls.isEmpty() ? Stop.TOOL_CALLS : said;
    if (stop == Stop.TOOL_CALLS && calls.isEmpty()) {
      throw WireErrors.badOutput(provider, "announced tool calls and sent none");
    }
    String whole = text.isEmpty() ? watch.refusal() : text.toString();
    Usage usage = complete.tokenUsage() == null ? Usage.NONE : dialect.usage(complete.tokenUsage());
    String model = complete.modelName() == null ? request.model() : complete.modelName();
    return new ModelAnswer(Text.clean(whole), calls, usage, stop, model);
  }

  private List<ToolCall> calls(List<ToolExecutionRequest> wanted, Stop stop, ModelRequest request) {
    List<ToolCall> calls = new ArrayList<>();
    for (ToolExecutionRequest one : wanted) {
      Optional<ObjectNode> arguments = arguments(one.arguments());
      boolean named = one.name() != null && !one.name().isBlank();
      if (arguments.isPresent() && named) {
        calls.add(new ToolCall(id(one, calls.size(), request), one.name(), arguments.get()));
      } else if (stop != Stop.MAX_TOKENS) {
        // At the token limit the last call is cut off; the answer says so and goes without it.
        throw WireErrors.badOutput(
            provider, "called a tool with arguments that are not a JSON object");
      }
    }
    return calls;
  }

  /** Small servers leave ids out; the position in the conversation makes one that is unique. */
  private static String id(ToolExecutionRequest call, int index, ModelRequest request) {
    boolean given = call.id() != null && !call.id().isBlank();
    return given ? call.id() : "call_" + request.messages().size() + "_" + index;
  }

  private static Optional<ObjectNode> arguments(@Nullable String json) {
    if (json == null || json.isBlank()) {
      return Optional.of(Json.object());
    }
    try {
      return Json.parse(json) instanceof ObjectNode object
          ? Optional.of((ObjectNode) cleaned(object))
          : Optional.empty();
    } catch (Refusal notJson) {
      return Optional.empty();
    }
  }

  /** JSON can spell half characters as escapes; no store can hold them. */
  static JsonNode cleaned(JsonNode node) {
    return switch (node) {
      case TextNode t -> TextNode.valueOf(Text.clean(t.textValue()));
      case ObjectNode object -> {
        ObjectNode clean = Json.object();
        object.properties().forEach(e -> clean.set(Text.clean(e.getKey()), cleaned(e.getValue())));
        yield clean;
      }
      case ArrayNode array -> {
        ArrayNode clean = Json.object().arrayNode(array.size());
        array.forEach(e -> clean.add(cleaned(e)));
        yield clean;
      }
      default -> node;
    };
  }
}
