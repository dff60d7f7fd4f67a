package dev.rookery.spend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;

/** Prices as they are stored: amounts in millionths. */
final class PriceCodec {
  private PriceCodec() {}

  static String write(Price price) {
    ObjectNode json = Json.object();
    switch (price) {
      case Price.PerToken(var input, var output, var read, var written) ->
          json.put("input", input.micros())
              .put("output", output.micros())
              .put("cache_read", read.micros())
              .put("cache_write", written.micros());
      case Price.PerCall(var amount) -> json.put("call", amount.micros());
    }
    return Json.write(json);
  }

  static Price read(String text) {
    JsonNode json = Json.parse(text);
    return json.has("call")
        ? new Price.PerCall(money(json, "call"))
        : new Price.PerToken(
            money(json, "input"),
            money(json, "output"),
            money(json, "cache_read"),
            money(json, "cache_write"));
  }

  private static Money money(JsonNode json, String field) {
    return new Money(json.path(field).asLong());
  }
}
