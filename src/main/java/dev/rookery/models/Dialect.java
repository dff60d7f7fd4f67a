package dev.rookery.models;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import dev.rookery.models.ModelAnswer.Usage;
import dev.rookery.models.ModelSettings.Endpoint;
import org.jspecify.annotations.Nullable;

/** One provider's way of talking, as LangChain4j builds it. */
sealed interface Dialect {
  StreamingChatModel client(ModelRequest request, HttpClientBuilder http);

  StreamWatch watch();

  Usage usage(TokenUsage counted);

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : Math.max(0, tokens);
  }

  /** Messages API, with the system text and the tools marked for the prompt cache. */
  record Anthropic(Endpoint endpoint) implements Dialect {
    @Override
    public StreamingChatModel client(ModelRequest request, HttpClientBuilder http) {
      String url = endpoint.baseUrl();
      return AnthropicStreamingChatModel.builder()
          .httpClientBuilder(http)
          // The vendor's own clients take the address without the version; accept both.
          .baseUrl(url.endsWith("/v1") ? url : url + "/v1")
          .apiKey(endpoint.key() == null ? "none" : endpoint.key())
          .modelName(request.model())
          .maxTokens(request.limits().maxOutputTokens())
          .temperature(request.limits().temperature())
          .cacheSystemMessages(true)
          .cacheTools(true)
          .build();
    }

    @Override
    public StreamWatch watch() {
      return new StreamWatch.Anthropic();
    }

    @Override
    public Usage usage(TokenUsage counted) {
      boolean detailed = counted instanceof AnthropicTokenUsage;
      var anthropic = detailed ? (AnthropicTokenUsage) counted : null;
      return new Usage(
          count(counted.inputTokenCount()),
          count(counted.outputTokenCount()),
          anthropic == null ? 0 : count(anthropic.cacheReadInputTokens()),
          anthropic == null ? 0 : count(anthropic.cacheCreationInputTokens()));
    }
  }

  /** Chat completions, as OpenAI, OpenRouter, Ollama and many servers speak them. */
  record OpenAi(Provider provider, Endpoint endpoint) implements Dialect {
    @Override
    public StreamingChatModel client(ModelRequest request, HttpClientBuilder http) {
      int max = request.limits().maxOutputTokens();
      // OpenAI's newer models refuse the old field; compatible servers know only that one.
      boolean vendor =
          provider == Provider.OPENAI && endpoint.baseUrl().equals(Provider.OPENAI.baseUrl());
      return OpenAiStreamingChatModel.builder()
          .httpClientBuilder(http)
          .baseUrl(baseUrl())
          .apiKey(endpoint.key())
          .modelName(request.model())
          .maxCompletionTokens(vendor ? max : null)
          .maxTokens(vendor ? null : max)
          .temperature(request.limits().temperature())
          // Some servers repeat a call's id with each piece of it.
          .accumulateToolCallId(false)
          .build();
    }

    private String baseUrl() {
      String url = endpoint.baseUrl();
      return provider == Provider.OLLAMA && !url.endsWith("/v1") ? url + "/v1" : url;
    }

    @Override
    public StreamWatch watch() {
      return new StreamWatch.OpenAi(provider);
    }

    /** OpenAI counts cached tokens as input, too. */
    @Override
    public Usage usage(TokenUsage counted) {
      var details = counted instanceof OpenAiTokenUsage openAi ? openAi.inputTokensDetails() : null;
      long cached = details == null ? 0 : count(details.cachedTokens());
      long input = Math.max(0, count(counted.inputTokenCount()) - cached);
      return new Usage(input, count(counted.outputTokenCount()), cached, 0);
    }
  }
}
