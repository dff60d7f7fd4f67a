package dev.rookery.secrets;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The one place of a request where a secret may stand. Refused as {@code bad-place}. */
public sealed interface SecretPlace {
  Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");
  Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_.~-]{1,64}");
  Pattern FIELD = Pattern.compile("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,64}){0,7}");

  /** Headers of which the message itself is made. */
  Set<String> STRUCTURAL =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** A header, such as {@code Authorization}. */
  record Header(String name) implements SecretPlace {
    public Header {
      if (!HEADER.matcher(name).matches() || STRUCTURAL.contains(name.toLowerCase(Locale.ROOT))) {
        throw bad(name);
      }
    }

    @Override
    public String toString() {
      return "header:" + name;
    }
  }

  /** A parameter of the query. */
  record Query(String name) implements SecretPlace {
    public Query {
      if (!PARAMETER.matcher(name).matches()) {
        throw bad(name);
      }
    }

    @Override
    public String toString() {
      return "query:" + name;
    }
  }

  /**
   * A field of a JSON body (dots lead into objects) or of a form.
   *
   * @param field such as {@code auth.token}
   */
  record BodyField(String field) implements SecretPlace {
    public BodyField {
      if (!FIELD.matcher(field).matches()) {
        throw bad(field);
      }
    }

    @Override
    public String toString() {
      return "body:" + field;
    }
  }

  /**
   * Reads {@code header:<name>}, {@code query:<name>} or {@code body:<field>}.
   *
   * @throws Refusal {@code bad-place}
   */
  static SecretPlace of(String spelled) {
    int colon = spelled.indexOf(':');
    String rest = spelled.substring(colon + 1);
    return switch (colon < 0 ? "" : spelled.substring(0, colon)) {
      case "header" -> new Header(rest);
      case "query" -> new Query(rest);
      case "body" -> new BodyField(rest);
      default -> throw bad(spelled);
    };
  }

  private static Refusal bad(String what) {
    return Refusal.badInput(
        "bad-place",
        "'%s' is not a place for a secret; use header:<name>, query:<name> or body:<field>.",
        Text.brief(Text.clean(what), 80));
  }
}
