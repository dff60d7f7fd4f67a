package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code integrations create telegram}. */
@Command(
    name = "telegram",
    description = {
      "Connect a Telegram bot. Its token comes from a file, stdin, TELEGRAM_BOT_TOKEN or a hidden"
          + " prompt. Telegram is asked whether the token works before anything is stored.",
    },
    footer = {
      "  rookery integrations create telegram --agent rook --token-file bot-token",
      "  pass show bot | rookery integrations create telegram --agent rook --token-file -",
      "  rookery integrations create telegram --agent rook --mode webhook \\",
      "      --public-url https://bots.example.org --token-file bot-token",
    })
final class CreateTelegram implements Callable<Integer> {
  private static final SecretText.Source TOKEN =
      new SecretText.Source("bot token (from @BotFather)", "--token-file", "TELEGRAM_BOT_TOKEN");
  private static final SecretText.Source WEBHOOK =
      new SecretText.Source("webhook secret", "--webhook-secret-file", "TELEGRAM_WEBHOOK_SECRET");

  /** How updates arrive. */
  enum Mode {
    poll,
    webhook
  }

  private final Context context;

  @Option(
      names = "--agent",
      paramLabel = "<agent>",
      description = "Who answers, by handle or id; repeat for more (default: every agent).")
  private List<String> agents = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "<name>",
      defaultValue = "telegram",
      description = "Name of this integration (default: ${DEFAULT-VALUE}).")
  private String name = "telegram";

  @Option(
      names = "--mode",
      paramLabel = "<mode>",
      defaultValue = "poll",
      description =
          "${COMPLETION-CANDIDATES}; webhook needs a public address (default: ${DEFAULT-VALUE}).")
  private Mode mode = Mode.poll;

  @Option(
      names = "--public-url",
      paramLabel = "<url>",
      description = "How Telegram reaches this server (default: what up was told).")
  private @Nullable String publicUrl;

  @Option(
      names = "--token-file",
      paramLabel = "<file>",
      description = "File with the bot's token; - is stdin.")
  private @Nullable String tokenFile;

  @Option(
      names = "--webhook-secret-file",
      paramLabel = "<file>",
      description = "File with the webhook's secret (default: one is made).")
  private @Nullable String webhookSecretFile;

  @Option(
      names = "--base-url",
      paramLabel = "<url>",
      description = "Of a Bot API server of your own (default: https://api.telegram.org).")
  private @Nullable String baseUrl;

  CreateTelegram(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    JsonNode created = context.api().post(Route.of("integrations"), body());
    Output output = context.output();
    output.one(
        created,
        () -> {
          IntegrationsCommand.details(output, created);
          String bot = created.path("config").path("bot_username").asText("");
          output.note(
              bot.isEmpty()
                  ? "Write to your bot, then look at: " + Program.name() + " events list"
                  : "Write to https://t.me/%s, then look at: %s events list"
                      .formatted(Glyphs.line(bot), Program.name()));
        });
    return Exit.OK;
  }

  private ObjectNode body() {
    ObjectNode body = Json.object().put("channel", "telegram").put("name", name);
    ArrayNode served = body.putArray("agents");
    agents.forEach(served::add);
    ObjectNode config = body.putObject("config").put("mode", mode.name());
    if (publicUrl != null) {
      config.put("public_url", publicUrl);
    }
    if (baseUrl != null) {
      config.put("base_url", baseUrl);
    }
    ObjectNode secrets =
        body.putObject("secrets")
            .put("bot_token", SecretText.read(context.terminal(), TOKEN, tokenFile));
    if (webhookSecretFile != null || context.terminal().env(WEBHOOK.variable()) != null) {
      secrets.put(
          "webhook_secret", SecretText.read(context.terminal(), WEBHOOK, webhookSecretFile));
    }
    return body;
  }
}
