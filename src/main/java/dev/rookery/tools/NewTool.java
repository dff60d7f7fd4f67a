package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.models.ToolSpec;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a new HTTP tool shall be. Refused as {@code bad-name}, {@code bad-description}, {@code
 * bad-schema}, {@code bad-header} or {@code lookup-url-missing}.
 *
 * @param spec name {@code [a-z][a-z0-9_]{0,63}}, description of 1 to 4,000 characters, JSON Schema
 *     2020-12 with an object at its root
 * @param secretHeaders values in the clear, by header; sealed before they are stored
 */
public record NewTool(
    ToolSpec spec, Endpoint endpoint, Map<String, String> secretHeaders, EffectClass effectClass) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{1,4096}");
  private static final Set<String> OUR_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "expect",
          "host",
          "idempotency-key",
          "transfer-encoding",
          "upgrade");

  public NewTool {
    secretHeaders = Map.copyOf(secretHeaders);
    if (!NAME.matcher(spec.name()).matches()) {
      throw Refusal.badInput(
          "bad-name",
          "'%s' is not a tool's name: 1 to 64 of a-z, 0-9 and _, starting with a letter.",
          Text.brief(spec.name(), 80));
    }
    if (spec.description().isBlank() || spec.description().length() > 4_000) {
      throw Refusal.badInput(
          "bad-description", "The description of a tool has 1 to 4,000 characters.");
    }
    checkSchema(spec.schema());
    secretHeaders.forEach(NewTool::checkHeader);
    if (effectClass == EffectClass.RECONCILABLE && endpoint.lookupUrl() == null) {
      throw Refusal.badInput(
          "lookup-url-missing",
          "A reconcilable tool needs a lookup_url, which is asked after a crash whether a call"
              + " happened.");
    }
  }

  private static void checkSchema(JsonNode schema) {
    ArgumentSchema.check(schema);
  }

  private static void checkHeader(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean ours = OUR_HEADERS.contains(lower) || lower.startsWith("x-rookery-");
    if (ours || !HEADER.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
      throw Refusal.badInput(
          "bad-header", "The header '%s' cannot be set for a tool.", Text.brief(name, 64));
    }
  }

  @Override
  public String toString() {
    return "NewTool[" + spec.name() + "]";
  }
}
