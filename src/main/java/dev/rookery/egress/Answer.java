package dev.rookery.egress;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The head of an answer, and its body while it arrives.
 *
 * @param address that answered, after redirects
 * @param headers without values of secrets
 * @param body decoded, without values of secrets; ends or fails at the limit of the terms
 */
public record Answer(int status, WebAddress address, List<HttpField> headers, InputStream body) {
  public Answer {
    headers = List.copyOf(headers);
  }

  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers.stream().filter(f -> f.is(name)).map(HttpField::value).findFirst();
  }
}
