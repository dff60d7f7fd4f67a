package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import dev.rookery.secrets.Redactor;
import dev.rookery.secrets.Secret;
import dev.rookery.secrets.SecretPlace;
import dev.rookery.secrets.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of secrets where a request names them, as <code>{{secret:NAME}}</code>: only for
 * hosts and in the place that a secret is bound to. A name anywhere else stops the request.
 */
public final class SecretInjection {
  static final Pattern NAMED = Pattern.compile("\\{\\{secret:([A-Za-z][A-Za-z0-9_]{0,63})}}");

  private final Secrets secrets;

  public SecretInjection(Secrets secrets) {
    this.secrets = secrets;
  }

  /**
   * A request as it may leave.
   *
   * @param redactor for its answer
   * @param used names of the secrets it carries
   */
  public record Injected(GuardedRequest request, Redactor redactor, Set<String> used) {
    public Injected {
      used = Set.copyOf(used);
    }
  }

  /**
   * The request with values in place of names.
   *
   * @param named a secret to put in its own place; null when the request says where
   * @param reach plain http carries a secret only where a rule permits plain http
   * @throws Refusal {@code unknown-secret}, {@code secret-not-for-host}, {@code secret-misplaced},
   *     {@code secret-needs-https}, {@code secret-unreadable}; nothing was sent then
   */
  public Injected inject(
      Secrets.User user, GuardedRequest request, Reach reach, @Nullable String named) {
    Filling filling = new Filling(user, request.address(), reach);
    GuardedRequest asked = named == null ? request : filling.named(request, named);
    GuardedRequest filled = filling.filled(asked);
    return new Injected(filled, secrets.redactor(user.org()), filling.used);
  }

  /** Whether a text names a secret, also where URLs escape the braces. */
  public static boolean names(String text) {
    return NAMED.matcher(text).find() || NAMED.matcher(FormText.decode(text)).find();
  }

  /** One request that is being filled. */
  private final class Filling {
    private final Secrets.User user;
    private final WebAddress address;
    private final Reach reach;
    private final Set<String> used = new HashSet<>();

    Filling(Secrets.User user, WebAddress address, Reach reach) {
      this.user = user;
      this.address = address;
      this.reach = reach;
    }

    /** Names the secret in its own place. */
    GuardedRequest named(GuardedRequest request, String name) {
      Secret secret = secrets.offered(user, name).orElseThrow(() -> Secrets.unknown(name));
      String reference = "{{secret:" + secret.name() + "}}";
      return switch (secret.place()) {
        case SecretPlace.Header(var header) -> request.with(new HttpField(header, reference));
        case SecretPlace.Query(var parameter) -> {
          String pair = FormText.pair(parameter, reference);
          String query = request.address().query();
          WebAddress changed =
              request.address().withQuery(query == null ? pair : query + "&" + pair);
          yield request.at(changed, _ -> true);
        }
        case SecretPlace.BodyField(var field) ->
            request.with(BodyText.of(request).putting(field, reference));
      };
    }

    GuardedRequest filled(GuardedRequest request) {
      if (names(request.address().path())) {
        throw misplaced("a path");
      }
      List<HttpField> fields = new ArrayList<>();
      for (HttpField field : request.headers()) {
        fields.add(new HttpField(field.name(), header(field)));
      }
      String query = request.address().query();
      String filledQuery = query == null ? null : FormText.filled(query, this::query);
      byte[] body = request.payload().known();
      GuardedRequest changed =
          request.with(fields).at(request.address().withQuery(filledQuery), _ -> true);
      return body == null || !names(new String(body, StandardCharsets.UTF_8))
          ? changed
          : changed.with(BodyText.of(request).filled(this::bodyField));
    }

    private String header(HttpField field) {
      return value(field.value(), new SecretPlace.Header(safeName(field)));
    }

    /** Names that no secret can be bound to would be refused as places. */
    private String safeName(HttpField field) {
      return SecretPlace.HEADER.matcher(field.name()).matches()
              && !SecretPlace.STRUCTURAL.contains(field.name().toLowerCase(java.util.Locale.ROOT))
          ? field.name()
          : "none";
    }

    private String query(String parameter, String text) {
      return value(text, place(SecretPlace.PARAMETER, "query:", parameter));
    }

    private String bodyField(String path, String text) {
      return value(text, place(SecretPlace.FIELD, "body:", path));
    }

    private static SecretPlace place(Pattern spelling, String kind, String name) {
      return SecretPlace.of(spelling.matcher(name).matches() ? kind + name : "header:none");
    }

    private String value(String text, SecretPlace place) {
      Matcher reference = NAMED.matcher(text);
      boolean alone = reference.matches();
      return NAMED
          .matcher(text)
          .replaceAll(match -> Matcher.quoteReplacement(lent(match, place, alone)));
    }

    private String lent(MatchResult match, SecretPlace place, boolean alone) {
      String name = match.group(1);
      Secret secret = secrets.offered(user, name).orElseThrow(() -> Secrets.unknown(name));
      if (!samePlace(secret.place(), place)) {
        throw Refusal.badInput(
            "secret-misplaced",
            "The secret %s belongs in %s of a request and was not sent elsewhere.",
            name,
            secret.place());
      }
      if (!address.secure() && !reach.plainHttp()) {
        throw Refusal.badInput(
            "secret-needs-https", "The secret %s is sent over https only.", name);
      }
      String value = secrets.lend(user, name, address.host()).reveal();
      used.add(name);
      return alone ? secret.prefix() + value : value;
    }

    private static boolean samePlace(SecretPlace bound, SecretPlace asked) {
      if (bound instanceof SecretPlace.Header(var one)
          && asked instanceof SecretPlace.Header(var other)) {
        return one.equalsIgnoreCase(other);
      }
      return bound.equals(asked);
    }
  }

  private static Refusal misplaced(String where) {
    return Refusal.badInput(
        "secret-misplaced", "A secret was named in %s of the request; nothing was sent.", where);
  }
}
