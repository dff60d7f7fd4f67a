package dev.rookery.kernel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.TreeMap;

/** The one JSON codec: snake_case, strict about duplicates and trailing text, bounded in depth. */
public final class Json {
  private static final int MAX_DEPTH = 200;
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private Json() {}

  public static JsonMapper mapper() {
    return MAPPER;
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Reads one JSON value.
   *
   * @throws Refusal {@code malformed-json}, with line and column
   */
  public static JsonNode parse(String json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      return refuseEmpty(node);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** As {@link #parse(String)}, from UTF-8 bytes. */
  public static JsonNode parse(byte[] json) {
    try {
      return refuseEmpty(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads one JSON value into a record.
   *
   * @throws Refusal {@code malformed-json}, naming the field that does not fit
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /** Indented, for people. */
  public static String pretty(JsonNode node) {
    return node.toPrettyString();
  }

  /**
   * One spelling per value: keys sorted by code point, no white space. For digests of calls; both
   * sides of a comparison are written by this method.
   */
  public static String canonical(JsonNode node) {
    return write(sorted(node));
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      node.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
      ObjectNode result = object();
      result.setAll(fields);
      return result;
    }
    if (node.isArray()) {
      var result = JsonNodeFactory.instance.arrayNode(node.size());
      node.forEach(e -> result.add(sorted(e)));
      return result;
    }
    return node;
  }

  private static JsonNode refuseEmpty(JsonNode node) {
    if (node.isMissingNode()) {
      throw Refusal.badInput("malformed-json", "The JSON is empty; send one JSON value.");
    }
    return node;
  }

  private static Refusal malformed(JsonProcessingException e) {
    var at = e.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return Refusal.badInput(
        "malformed-json",
        "The JSON cannot be read%s: %s",
        where,
        Text.brief(e.getOriginalMessage(), 200));
  }
}
