package dev.rookery.spend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads prices, strictly:
 *
 * <pre>{@code
 * version: 1
 * models:            # US dollars per million tokens; the cache costs what input does, if not given
 *   anthropic/claude-sonnet-4: {input: 3.00, output: 15.00, cache_read: 0.30, cache_write: 3.75}
 * tools:             # US dollars per call
 *   web_search: 0.01
 * unknown_model: {input: 15.00, output: 75.00}
 * }</pre>
 */
final class PriceFile {
  private final String name;

  private PriceFile(String name) {
    this.name = name;
  }

  /**
   * What a file says.
   *
   * @param unknown price of models that no list has; null when the file does not say
   */
  record Content(PriceList list, Price.@Nullable PerToken unknown) {
    static final Content EMPTY = new Content(PriceList.EMPTY, null);
  }

  /**
   * @param name of the file, for complaints
   * @throws Refusal {@code bad-price-file}, naming the entry
   */
  static Content read(String name, String yaml) {
    return new PriceFile(name).content(parsed(name, yaml));
  }

  private static JsonNode parsed(String name, String yaml) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setLabel(name)
              .setAllowDuplicateKeys(false)
              .setMaxAliasesForCollections(0)
              .build();
      return Json.mapper().valueToTree(new Load(settings).loadFromString(yaml));
    } catch (YamlEngineException | IllegalArgumentException e) {
      String why = Text.brief(String.valueOf(e.getMessage()).replaceAll("\\s+", " "), 300);
      throw Refusal.badInput("bad-price-file", "The price file %s is not YAML: %s", name, why);
    }
  }

  private Content content(JsonNode top) {
    only(top, "the file", Set.of("version", "models", "tools", "unknown_model"));
    if (top.path("version").asInt() != 1) {
      throw refusal("version", "must be 1");
    }
    List<PriceTag> tags = new ArrayList<>();
    for (Map.Entry<String, JsonNode> model : entries(top, "models")) {
      tags.add(tag(model.getKey(), perToken(model.getKey(), model.getValue())));
    }
    for (Map.Entry<String, JsonNode> tool : entries(top, "tools")) {
      tags.add(tag(tool.getKey(), new Price.PerCall(money(tool.getKey(), tool.getValue()))));
    }
    JsonNode unknown = top.path("unknown_model");
    return new Content(
        new PriceList(tags), unknown.isMissingNode() ? null : perToken("unknown_model", unknown));
  }

  private Set<Map.Entry<String, JsonNode>> entries(JsonNode top, String field) {
    JsonNode map = top.path(field);
    if (!map.isObject() && !map.isMissingNode() && !map.isNull()) {
      throw refusal(field, "must be a mapping of names to prices");
    }
    return map.properties();
  }

  private PriceTag tag(String key, Price price) {
    try {
      return new PriceTag(key, price);
    } catch (Refusal e) {
      throw refusal(key, String.valueOf(e.getMessage()));
    }
  }

  private Price.PerToken perToken(String key, JsonNode prices) {
    only(prices, key, Set.of("input", "output", "cache_read", "cache_write"));
    Money input = money(key + ".input", prices.path("input"));
    Money output = money(key + ".output", prices.path("output"));
    return new Price.PerToken(
        input,
        output,
        prices.has("cache_read") ? money(key + ".cache_read", prices.path("cache_read")) : input,
        prices.has("cache_write")
            ? money(key + ".cache_write", prices.path("cache_write"))
            : input);
  }

  private Money money(String key, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw refusal(key, "must be a number of US dollars");
    }
    try {
      return Money.of(value.decimalValue());
    } catch (Refusal e) {
      throw refusal(key, String.valueOf(e.getMessage()));
    }
  }

  private void only(JsonNode map, String what, Set<String> known) {
    if (!map.isObject()) {
      throw refusal(what, "must be a mapping");
    }
    for (Iterator<String> fields = map.fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (!known.contains(field)) {
        throw refusal(what, "has an unknown field '" + Text.brief(field, 60) + "'");
      }
    }
  }

  private Refusal refusal(String key, String why) {
    return Refusal.badInput(
        "bad-price-file", "The price file %s: %s %s", name, Text.brief(key, 80), why);
  }
}
