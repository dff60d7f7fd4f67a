package dev.rookery.api;

import dev.rookery.kernel.Ids;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.orgs.Principal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request that was let in, as routes see it. */
final class Call {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;

  private final Request request;
  private final @Nullable Principal principal;

  Call(Request request, @Nullable Principal principal) {
    this.request = request;
    this.principal = principal;
  }

  /** Who asks. Only for routes that need a key. */
  Principal principal() {
    Principal known = principal;
    if (known == null) {
      throw new IllegalStateException("an open route asked who called");
    }
    return known;
  }

  /** Null on routes that let anybody in. */
  @Nullable Principal principalOrNull() {
    return principal;
  }

  OrgId org() {
    return principal().org();
  }

  /** Who did it, as journal and conversation say it. */
  String by() {
    return "API key '" + principal().name() + "'";
  }

  String path(String parameter) {
    return request.path(parameter);
  }

  /**
   * An id in the path. What is not even spelled as one does not exist either.
   *
   * @throws Refusal {@code <what>-not-found}
   */
  <T> T id(String what, String prefix, Function<String, T> make) {
    String value = path("id");
    if (!Ids.matches(prefix, value)) {
      throw Refusal.notFound(what, Text.clean(value));
    }
    return make.apply(value);
  }

  @Nullable String header(String name) {
    return request.header(name);
  }

  /** Null when absent or empty. */
  @Nullable String query(String name) {
    String value = request.query(name);
    return value == null || value.isEmpty() ? null : Text.clean(value);
  }

  /** The cursor of the page before, or null for the first page. */
  <T> @Nullable T before(Function<String, T> make) {
    String before = query("before");
    return before == null ? null : make.apply(before);
  }

  /** How many items a page holds. */
  int limit() {
    return (int) number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  /**
   * @throws Refusal {@code bad-parameter}
   */
  long number(String name, long otherwise, long min, long max) {
    String value = query(name);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badNumber(name, min, max);
    }
    throw badNumber(name, min, max);
  }

  private static Refusal badNumber(String name, long min, long max) {
    return Refusal.badInput(
        "bad-parameter",
        "The parameter '%s' must be a whole number from %d to %s.",
        name,
        min,
        max == Long.MAX_VALUE ? "2^63-1" : Long.toString(max));
  }

  /**
   * The body, checked.
   *
   * @throws Refusal as {@link Request#body} and {@link Shape#read}
   */
  Fields body(Shape shape) {
    return shape.read(request.body());
  }
}
