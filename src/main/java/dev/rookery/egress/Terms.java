package dev.rookery.egress;

import java.time.Duration;

/**
 * Under which conditions a request is made.
 *
 * @param timeout of everything together: name, connection, redirects, answer
 * @param maxBytes of the decoded body that is read
 */
public record Terms(Reach reach, Duration timeout, long maxBytes, Redirects redirects) {

  /**
   * Which redirects are followed, of GET and HEAD only and five at most. Each is vetted like a
   * first request.
   */
  public enum Redirects {
    NONE,
    /** To the same host; rules on hosts were asked about no other. */
    SAME_HOST,
    /** Also to others, without credentials, cookies and secrets. */
    ANY
  }
}
