package dev.rookery.egress;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What is sent. Refused as {@code bad-method} or {@code bad-header}.
 *
 * @param headers without those that the client writes itself
 */
public record GuardedRequest(
    String method, WebAddress address, List<HttpField> headers, Payload payload) {
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
  private static final Set<String> NEVER = Set.of("CONNECT", "TRACE");
  private static final Set<String> OURS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  public GuardedRequest {
    headers = List.copyOf(headers);
    if (!METHOD.matcher(method).matches() || NEVER.contains(method)) {
      throw Refusal.badInput(
          "bad-method", "'%s' is not a method that can be used.", Text.brief(method, 20));
    }
    for (HttpField field : headers) {
      if (writtenByClient(field.name())) {
        throw Refusal.badInput(
            "bad-header", "The header '%s' is written by the client itself.", field.name());
      }
    }
  }

  static boolean writtenByClient(String header) {
    return OURS.contains(header.toLowerCase(java.util.Locale.ROOT));
  }

  /** GET and HEAD: nothing changes on the other side, by the promise of HTTP. */
  public boolean safe() {
    return safe(method);
  }

  /** As {@link #safe()}, of a method by name. */
  public static boolean safe(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  GuardedRequest at(WebAddress other, Predicate<HttpField> kept) {
    return new GuardedRequest(method, other, headers.stream().filter(kept).toList(), payload);
  }

  GuardedRequest with(List<HttpField> fields) {
    return new GuardedRequest(method, address, fields, payload);
  }

  GuardedRequest with(Payload other) {
    return new GuardedRequest(method, address, headers, other);
  }

  GuardedRequest with(HttpField field) {
    List<HttpField> fields = new ArrayList<>(headers);
    fields.removeIf(known -> known.is(field.name()));
    fields.add(field);
    return with(fields);
  }

  @Override
  public String toString() {
    return "GuardedRequest[" + method + " " + address + "]";
  }
}
