package dev.rookery.webhooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.activation.Activation;
import dev.rookery.activation.ActivationPolicy;
import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.Activations;
import dev.rookery.activation.PolicyKeeper;
import dev.rookery.inbox.Conversations;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbox;
import dev.rookery.inbox.Ingress;
import dev.rookery.journal.Journal;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import dev.rookery.secrets.Vault;
import dev.rookery.store.Database;
import dev.rookery.store.Tx;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The front door to inbound webhooks. Each policy with the trigger {@code webhook} has a URL of its
 * own, whose token is shown once and kept as a hash, and may want deliveries signed.
 */
public final class Webhooks implements PolicyKeeper {
  private static final int RANDOM_BYTES = 32;
  private static final int MIN_KEY = 16;
  private static final int MAX_SECRET = 200;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Journal journal;
  private final Rooms rooms;
  private final Vault vault;
  private final WebhookDoor door;

  /** The rooms that webhooks stand on. */
  public record Rooms(
      Inbox inbox, Events events, Conversations conversations, Activations activations) {}

  public Webhooks(
      Database database, Journal journal, Rooms rooms, Vault vault, InstantSource clock) {
    this.database = database;
    this.journal = journal;
    this.rooms = rooms;
    this.vault = vault;
    this.door = new WebhookDoor(database, rooms, vault, clock);
  }

  /** Where deliveries come in. */
  public WebhookDoor door() {
    return door;
  }

  @Override
  public Set<Trigger> triggers() {
    return Set.of(Trigger.WEBHOOK);
  }

  @Override
  public void saved(Tx tx, @Nullable ActivationPolicy before, ActivationPolicy policy) {
    HookConfig config = HookConfig.read(policy.wake().config().details());
    String to = config.to();
    if (to != null && rooms.conversations().find(tx, policy.org(), to).isEmpty()) {
      throw new Refusal(
          Refusal.Kind.BAD_INPUT,
          "conversation-not-found",
          "At /config/to: there is no conversation '%s' yet; somebody must have written there."
              .formatted(to));
    }
    WebhookStore.insert(tx, policy.org(), policy.id());
  }

  @Override
  public void removed(Tx tx, OrgId org, PolicyId policy) {
    WebhookStore.delete(tx, org, policy);
  }

  /**
   * What its maker is shown once.
   *
   * @param path of the URL, with its token; null when the URL stays
   * @param secret with which callers sign; null when that stays or none is wanted
   */
  public record Issued(@Nullable String path, @Nullable String secret) {}

  /**
   * A new policy with its URL, and its signing secret when it wants signatures.
   *
   * @throws Refusal as {@link Activations#add}
   */
  public Issued create(ActivationPolicy policy) {
    return database.write(
        policy.org(),
        tx -> {
          rooms.activations().add(tx, policy);
          return issue(tx, policy, new Wish(true, true, null));
        });
  }

  /**
   * What shall be made anew.
   *
   * @param secret another signing secret, if the policy wants signatures
   * @param given the signing secret that the caller's side dictates; null has one made
   */
  public record Wish(boolean token, boolean secret, @Nullable String given) {}

  /**
   * Gives out another URL, another signing secret, or both. The old ones end with the commit.
   *
   * @param by who does it, as people say it
   * @throws Refusal {@code policy-not-found}, {@code not-a-webhook}, {@code not-signed} or {@code
   *     bad-secret}
   */
  public Issued rotate(OrgId org, PolicyId id, Wish wish, String by) {
    return database.write(
        org,
        tx -> {
          ActivationPolicy policy = require(tx, org, id);
          Issued issued = issue(tx, policy, wish);
          ObjectNode data =
              Json.object()
                  .put("token", issued.path() != null)
                  .put("secret", issued.secret() != null)
                  .put("by", by);
          journal.append(tx, org, new JournalEntry("webhook.rotated", id.value(), null, data));
          return issued;
        });
  }

  private ActivationPolicy require(Tx tx, OrgId org, PolicyId id) {
    ActivationPolicy policy = rooms.activations().find(tx, org, id);
    if (policy.wake().trigger() != Trigger.WEBHOOK) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "not-a-webhook",
          "Policy %s has the trigger %s; only those with the trigger webhook have a URL."
              .formatted(id, policy.wake().trigger().spelled()));
    }
    return policy;
  }

  private Issued issue(Tx tx, ActivationPolicy policy, Wish wish) {
    OrgId org = policy.org();
    Signature signature = HookConfig.read(policy.wake().config().details()).signature();
    if (wish.given() != null && signature == Signature.NONE) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "not-signed",
          "The webhook wants no signatures; set its signature to sha256 or standard first.");
    }
    String path = null;
    if (wish.token()) {
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random());
      WebhookStore.setToken(tx, org, policy.id(), Digest.sha256(token));
      path = WebhookDoor.PREFIX + policy.id() + "/" + token;
    }
    String secret = null;
    if (wish.secret() && signature != Signature.NONE) {
      secret = wish.given() == null ? madeUp() : checked(signature, wish.given());
      WebhookStore.setSealed(
          tx, org, policy.id(), vault.seal(WebhookDoor.secret(org, policy.id()), secret));
    }
    return new Issued(path, secret);
  }

  private static String madeUp() {
    return Signing.PREFIX + Base64.getEncoder().encodeToString(random());
  }

  private static byte[] random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String checked(Signature signature, String given) {
    String secret = given.strip();
    boolean fits = secret.length() >= MIN_KEY && secret.length() <= MAX_SECRET;
    if (fits && signature == Signature.STANDARD) {
      try {
        fits = Signing.key(secret).length >= MIN_KEY;
      } catch (IllegalArgumentException e) {
        fits = false;
      }
    }
    if (!fits) {
      throw Refusal.badInput(
          "bad-secret",
          "A signing secret has 16 to 200 characters; one of Standard Webhooks is whsec_ and the"
              + " base64 of at least 16 bytes. Nothing was changed.");
    }
    return secret;
  }

  /**
   * What people may see of a webhook.
   *
   * @param token whether a URL was given out
   * @param secret whether a signing secret is kept
   * @param rotatedAt when the URL was given out, epoch milliseconds; 0 for never
   */
  public record Described(Signature signature, boolean token, boolean secret, long rotatedAt) {}

  /**
   * @throws Refusal {@code policy-not-found} or {@code not-a-webhook}
   */
  public Described describe(OrgId org, PolicyId id) {
    return database.read(
        org,
        tx -> {
          ActivationPolicy policy = require(tx, org, id);
          Webhook hook =
              WebhookStore.find(tx, org, id)
                  .orElseThrow(() -> Refusal.notFound("policy", id.value()));
          return new Described(
              HookConfig.read(policy.wake().config().details()).signature(),
              hook.tokenSha256() != null,
              hook.sealed() != null,
              hook.rotatedAt());
        });
  }

  /**
   * A delivery and what became of it.
   *
   * @param activation the decision of this policy; null for a rejected or repeated delivery, and
   *     while dispatch has not come to it
   */
  public record Delivery(Ingress ingress, @Nullable Activation activation) {}

  /**
   * Deliveries to one webhook, rejected ones too, newest first.
   *
   * @param before id of the last one of the page before; null for the first page
   * @throws Refusal {@code policy-not-found} or {@code not-a-webhook}
   */
  public List<Delivery> deliveries(OrgId org, PolicyId id, @Nullable String before, int limit) {
    database.read(org, tx -> require(tx, org, id));
    return rooms.events().webhookIngress(org, WebhookDoor.source(id), before, limit).stream()
        .map(ingress -> new Delivery(ingress, decision(org, id, ingress)))
        .toList();
  }

  private @Nullable Activation decision(OrgId org, PolicyId id, Ingress ingress) {
    if (ingress.event() == null) {
      return null;
    }
    return rooms.activations().ofEvent(org, ingress.event()).stream()
        .filter(activation -> activation.policy().equals(id))
        .findFirst()
        .orElse(null);
  }
}
