package dev.rookery.web;

import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.orgs.Member;
import dev.rookery.orgs.Org;
import dev.rookery.orgs.SetupLinks;
import dev.rookery.store.StorageUnavailable;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page behind the one-time link that the first start prints: it makes the owner and shows their
 * API key once (spec 08, "Security"). Works without JavaScript. {@link #show} and {@link #accept}
 * serve GET and POST of {@link #PATH}.
 */
public final class SetupPage {
  /** Where it is served; its token is the link's. */
  public static final String PATH = "/setup/{token}";

  private static final int MAX_ORG = 200;
  private static final String UNNAMED = "Default";
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");

  private final SetupLinks links;
  private final @Nullable String publicUrl;
  private final Csrf csrf = new Csrf();

  /**
   * @param publicUrl how the world reaches the server; null to show the address of the request
   */
  public SetupPage(SetupLinks links, @Nullable String publicUrl) {
    this.links = links;
    this.publicUrl = publicUrl;
  }

  /** GET: the form, or why there is none. Uses nothing up. */
  public void show(Context context) {
    try {
      Org org = links.look(context.pathParam("token"));
      String name = org.name().equals(UNNAMED) ? "" : org.name();
      form(context, 200, new Entered(Map.of("org", name), Map.of(), null));
    } catch (Refusal | StorageUnavailable e) {
      closed(context, e);
    }
  }

  /** POST: makes the owner and shows the key, or the form again with what is wrong. */
  public void accept(Context context) {
    String token = context.pathParam("token");
    try {
      links.look(token);
      Optional<Map<String, String>> sent = FormBody.read(context);
      if (sent.isEmpty()) {
        String problem = "The form could not be read. Fill it in again.";
        form(context, 400, new Entered(Map.of(), Map.of(), problem));
        return;
      }
      Map<String, String> values = sent.get();
      if (!isOurs(context, token, values)) {
        String problem =
            "This form is too old, or another page sent it. Check what it says and send it again.";
        form(context, 403, new Entered(values, Map.of(), problem));
        return;
      }
      Map<String, String> wrong = wrong(values);
      if (wrong.isEmpty()) {
        done(context, token, values);
      } else {
        form(context, 400, new Entered(values, wrong, null));
      }
    } catch (Refusal | StorageUnavailable e) {
      closed(context, e);
    }
  }

  /** What was entered, and what is wrong with it, by field. */
  private record Entered(
      Map<String, String> values, Map<String, String> wrong, @Nullable String problem) {
    SetupField field(SetupField blank) {
      return new SetupField(
          blank.name(),
          blank.label(),
          blank.type(),
          blank.autocomplete(),
          blank.hint(),
          values.getOrDefault(blank.name(), ""),
          wrong.get(blank.name()));
    }
  }

  private boolean isOurs(Context context, String token, Map<String, String> values) {
    return Csrf.sameOrigin(
            context.header("Sec-Fetch-Site"), context.header("Origin"), context.header("Host"))
        && csrf.genuine(token, values.get("csrf"));
  }

  private static Map<String, String> wrong(Map<String, String> values) {
    Map<String, String> wrong = new HashMap<>();
    String org = org(values);
    if (org.isEmpty() || org.length() > MAX_ORG) {
      wrong.put("org", "Enter the name of your team or company, up to 200 characters.");
    }
    try {
      person(values);
    } catch (Refusal e) {
      boolean email = e.code().equals("bad-email");
      wrong.put(
          email ? "email" : "name",
          email
              ? "Enter an e-mail address, such as ada@example.com."
              : "Enter your name, up to 200 characters.");
    }
    return wrong;
  }

  private static Member.Person person(Map<String, String> values) {
    return new Member.Person(values.getOrDefault("name", ""), values.getOrDefault("email", ""));
  }

  private static String org(Map<String, String> values) {
    return Text.clean(values.getOrDefault("org", "")).strip();
  }

  private void done(Context context, String token, Map<String, String> values) {
    String org = org(values);
    Member.Person person = person(values);
    Actor bearer = new Actor.Contact("setup-link:" + person.email(), person.name());
    SetupLinks.Owner owner = Acting.as(bearer, () -> links.consume(token, person, org));
    Html html = new Html("Welcome");
    SetupDone done =
        new SetupDone(
            html.frame(), org, owner.member().name(), owner.key().secret(), address(context));
    html.send(context, 200, output -> JtedoneGenerated.render(output, Html.NONE, done));
  }

  /** How this browser reached us, unless it is known how everybody does. */
  private String address(Context context) {
    if (publicUrl != null) {
      return publicUrl;
    }
    String host = context.header("Host");
    return host != null && HOST.matcher(host).matches()
        ? context.scheme() + "://" + host
        : "http://127.0.0.1:" + context.port();
  }

  private void form(Context context, int status, Entered entered) {
    Html html = new Html("Set up");
    List<SetupField> fields =
        List.of(
            entered.field(
                new SetupField(
                    "org",
                    "Organization",
                    "text",
                    "organization",
                    "The name of your team or company.",
                    "",
                    null)),
            entered.field(
                new SetupField(
                    "name", "Your name", "text", "name", "As agents will call you.", "", null)),
            entered.field(
                new SetupField(
                    "email",
                    "Your e-mail",
                    "email",
                    "email",
                    "Names you in the audit trail. Nothing is sent to it now.",
                    "",
                    null)));
    String token = csrf.token(context.pathParam("token"));
    SetupForm form = new SetupForm(html.frame(), token, fields, entered.problem());
    html.send(context, status, output -> JteformGenerated.render(output, Html.NONE, form));
  }

  private static void closed(Context context, RuntimeException error) {
    int status = error instanceof Refusal refusal ? refusal.kind().status() : 503;
    String code = error instanceof Refusal refusal ? refusal.code() : "storage-unavailable";
    Html html = new Html(title(code));
    SetupClosed closed =
        switch (code) {
          case "setup-link-used" ->
              new SetupClosed(
                  html.frame(),
                  "Somebody has set this installation up with it and is its owner now.",
                  "If that was you, go on with the API key you were shown. If you lost the key, make"
                      + " another one on the machine of the server:",
                  "./rookery keys create --role owner");
          case "setup-link-expired" ->
              new SetupClosed(
                  html.frame(),
                  "A set-up link is valid for 24 hours.",
                  "Print a new one on the machine of the server:",
                  "./rookery init");
          case "setup-link-not-found" ->
              new SetupClosed(
                  html.frame(),
                  "It may have been cut off when it was copied.",
                  "Copy the whole link, or print a new one on the machine of the server:",
                  "./rookery init");
          default ->
              new SetupClosed(
                  html.frame(),
                  String.valueOf(error.getMessage()),
                  "Nothing was changed. Load this page again in a moment.",
                  null);
        };
    html.send(context, status, output -> JteclosedGenerated.render(output, Html.NONE, closed));
  }

  private static String title(String code) {
    return switch (code) {
      case "setup-link-used" -> "This link was used";
      case "setup-link-expired" -> "This link has expired";
      case "setup-link-not-found" -> "This link is not known";
      default -> "This did not work";
    };
  }
}
