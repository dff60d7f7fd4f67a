package dev.rookery.integrations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a new integration shall be. Refused as {@code bad-channel}, {@code bad-name} or {@code
 * bad-secret-field}.
 *
 * @param channel type, such as {@code telegram}
 * @param name 1 to 100 characters, unique in the organization
 * @param config open settings; never secrets
 * @param secrets by field name, in the clear; sealed before they are stored
 * @param agents whom it serves, the first by default; empty means all of the organization
 */
public record NewIntegration(
    String channel,
    String name,
    ObjectNode config,
    Map<String, String> secrets,
    List<AgentId> agents) {
  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_-]{0,39}");

  public NewIntegration {
    name = Text.clean(name).strip();
    config = config.deepCopy();
    secrets = Map.copyOf(secrets);
    agents = agents.stream().distinct().toList();
    if (!WORD.matcher(channel).matches()) {
      throw Refusal.badInput(
          "bad-channel", "'%s' is not a type of channel.", Text.brief(channel, 40));
    }
    if (name.isEmpty() || name.length() > 100) {
      throw Refusal.badInput("bad-name", "The name of an integration has 1 to 100 characters.");
    }
    secrets.forEach(NewIntegration::checkSecret);
  }

  private static void checkSecret(String field, String value) {
    if (!WORD.matcher(field).matches() || value.isBlank()) {
      throw Refusal.badInput(
          "bad-secret-field", "The secret '%s' is empty or misnamed.", Text.brief(field, 40));
    }
  }

  @Override
  public String toString() {
    return "NewIntegration[" + channel + " '" + name + "']";
  }
}
