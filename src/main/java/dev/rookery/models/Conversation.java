package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our request in LangChain4j's words. All text is cleaned: half characters break encoders. */
final class Conversation {
  /** Providers refuse an empty text. */
  private static final String NOTHING = "(empty)";

  private Conversation() {}

  static ChatRequest of(ModelRequest request) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!request.system().isBlank()) {
      messages.add(SystemMessage.from(Text.clean(request.system())));
    }
    for (ModelMessage message : request.messages()) {
      switch (message) {
        case ModelMessage.User(var text) -> messages.add(UserMessage.from(said(text)));
        case ModelMessage.Assistant(var text, var calls) -> messages.add(assistant(text, calls));
        case ModelMessage.ToolAnswer answer -> messages.add(result(answer));
      }
    }
    return ChatRequest.builder()
        .messages(messages)
        .toolSpecifications(request.tools().stream().map(Conversation::tool).toList())
        .build();
  }

  private static String said(String text) {
    return text.isBlank() ? NOTHING : Text.clean(text);
  }

  private static AiMessage assistant(String text, List<ToolCall> calls) {
    AiMessage.Builder message = AiMessage.builder();
    if (!text.isBlank() || calls.isEmpty()) {
      message.text(said(text));
    }
    return message
        .toolExecutionRequests(
            calls.stream()
                .map(
                    call ->
                        ToolExecutionRequest.builder()
                            .id(call.id())
                            .name(call.tool())
                            .arguments(Text.clean(call.arguments().toString()))
                            .build())
                .toList())
        .build();
  }

  private static ToolExecutionResultMessage result(ModelMessage.ToolAnswer answer) {
    return ToolExecutionResultMessage.builder()
        .id(answer.callId())
        .toolName(answer.tool())
        .text(said(answer.text()))
        .isError(answer.error())
        .build();
  }

  /**
   * LangChain4j has types for a part of JSON Schema; each property is passed through raw instead.
   * Keywords beside {@code properties}, {@code required} and {@code $defs} at the root are lost;
   * providers refuse most of them there.
   */
  private static ToolSpecification tool(ToolSpec spec) {
    JsonNode schema = spec.schema();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    JsonObjectSchema parameters =
        JsonObjectSchema.builder()
            .addProperties(raw(schema.path("properties")))
            .required(required)
            .definitions(raw(schema.path("$defs")))
            .build();
    return ToolSpecification.builder()
        .name(spec.name())
        .description(Text.clean(spec.description()))
        .parameters(parameters)
        .build();
  }

  private static Map<String, JsonSchemaElement> raw(JsonNode schemas) {
    Map<String, JsonSchemaElement> raw = new LinkedHashMap<>();
    // The schema "true" allows anything, as an empty object does.
    schemas
        .properties()
        .forEach(
            e ->
                raw.put(
                    e.getKey(),
                    JsonRawSchema.from(e.getValue().isObject() ? e.getValue().toString() : "{}")));
    return raw;
  }
}
