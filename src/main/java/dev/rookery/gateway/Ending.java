package dev.rookery.gateway;

import java.util.Locale;

/** Why a socket ends, with the close code that tells the client. */
enum Ending {
  /** The client left; there is nobody to tell. */
  CLIENT(1000, ""),
  STOPPING(1001, "the server stops; connect again with the last seq"),
  FRAME(1009, "the frame is too large; send large bodies over HTTP"),
  FAULT(1011, "a fault of Rookery, it is logged; connect again with the last seq"),
  PROTOCOL(4400, "not protocol 2"),
  KEY(4401, "the API key does not hold; use another"),
  ROLE(4403, "the role of the API key is too low; use another key"),
  SLOW(4408, "too slow to take what is sent; connect again with the last seq"),
  SILENT(4408, "nothing came for too long; connect again with the last seq");

  private final int code;
  private final String reason;

  Ending(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  /** What the client is told when there is nothing more precise to say. */
  String reason() {
    return reason;
  }

  /** As metrics name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
