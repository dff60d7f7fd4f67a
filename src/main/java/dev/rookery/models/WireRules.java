package dev.rookery.models;

import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Classifies what providers say when they do not answer. Pure. */
final class WireRules {
  /**
   * What came instead of an answer.
   *
   * @param status of HTTP, 0 for an error in the middle of a stream
   * @param type the provider's word for it, e.g. {@code overloaded_error}; empty when unknown
   * @param message the provider's text, for people
   */
  record Refused(int status, String type, String message, @Nullable Duration retryAfter) {}

  private static final Pattern OVERFLOW =
      Pattern.compile(
          "prompt is too long|context[ _](length|window|size)|maximum context"
              + "|exceeds? the (model'?s )?(max|context)|input length and .max_tokens. exceed");

  private static final List<String> AUTH =
      List.of("authentication_error", "permission_error", "billing_error", "invalid_api_key");
  private static final List<String> RATE =
      List.of("rate_limit_error", "rate_limit_exceeded", "insufficient_quota", "tokens", "429");
  private static final List<String> OVERLOAD = List.of("overloaded_error", "503", "529");
  private static final List<String> FAULT =
      List.of("api_error", "timeout_error", "server_error", "internal_error", "500", "502", "504");
  private static final List<String> INVALID =
      List.of("invalid_request_error", "not_found_error", "model_not_found", "400", "404");

  private WireRules() {}

  static ModelFailure classify(Provider provider, Refused refused) {
    Reason reason = reason(refused);
    return new ModelFailure(
        reason,
        bearing(refused, reason),
        sentence(provider, refused, reason),
        refused.retryAfter());
  }

  private static Reason reason(Refused refused) {
    String type = refused.type();
    if (overflows(refused)) {
      return Reason.CONTEXT_OVERFLOW;
    }
    return switch (refused.status()) {
      case 401, 402, 403 -> Reason.AUTH;
      case 429 -> Reason.RATE_LIMITED;
      case 0 -> ofType(type);
      case 408, 409, 425 -> Reason.UNAVAILABLE;
      default -> refused.status() >= 500 ? Reason.UNAVAILABLE : Reason.BAD_OUTPUT;
    };
  }

  private static Reason ofType(String type) {
    if (AUTH.contains(type)) {
      return Reason.AUTH;
    }
    if (RATE.contains(type)) {
      return Reason.RATE_LIMITED;
    }
    return INVALID.contains(type) ? Reason.BAD_OUTPUT : Reason.UNAVAILABLE;
  }

  private static boolean overflows(Refused refused) {
    boolean couldBe = refused.status() == 0 || refused.status() == 400 || refused.status() == 422;
    return refused.status() == 413
        || refused.type().equals("context_length_exceeded")
        || refused.type().equals("request_too_large")
        || (couldBe && OVERFLOW.matcher(refused.message().toLowerCase(Locale.ROOT)).find());
  }

  private static Bearing bearing(Refused refused, Reason reason) {
    return switch (reason) {
      case RATE_LIMITED -> Bearing.OVERLOAD;
      case UNAVAILABLE -> asksForLess(refused) ? Bearing.OVERLOAD : Bearing.ATTEMPT;
      case BAD_OUTPUT, AUTH, CONTEXT_OVERFLOW -> Bearing.REJECTED;
      case CANCELLED -> Bearing.ATTEMPT;
    };
  }

  private static boolean asksForLess(Refused refused) {
    return refused.status() == 503
        || refused.status() == 529
        || refused.retryAfter() != null
        || OVERLOAD.contains(refused.type());
  }

  private static String sentence(Provider provider, Refused refused, Reason reason) {
    String answered = refused.status() == 0 ? "broke off" : "answered " + refused.status();
    String type = known(refused.type()) ? " (" + refused.type() + ")" : "";
    String head = provider.id() + " " + answered + type;
    return switch (reason) {
      case AUTH -> head + ": it does not accept the key. Check " + provider.variable() + ".";
      case RATE_LIMITED ->
          head
              + (refused.type().equals("insufficient_quota")
                  ? ": the account's quota is used up; check its billing."
                  : ": too many calls; the call is tried again later.");
      case UNAVAILABLE -> head + "; the call is tried again later.";
      case CONTEXT_OVERFLOW -> head + ": the conversation is longer than the model can read.";
      case BAD_OUTPUT -> head + ": " + refused.message();
      case CANCELLED -> head;
    };
  }

  /** Only words that we know are repeated: a broken server could put anything there. */
  private static boolean known(String type) {
    return AUTH.contains(type)
        || RATE.contains(type)
        || OVERLOAD.contains(type)
        || FAULT.contains(type)
        || INVALID.contains(type)
        || type.equals("context_length_exceeded")
        || type.equals("request_too_large");
  }
}
