package dev.rookery.web;

/**
 * The set-up page after success, the only time that the key is shown.
 *
 * @param url where the server answers, for the command line
 */
record SetupDone(Frame frame, String org, String name, String key, String url) {
  @Override
  public String toString() {
    return "SetupDone[" + org + "]";
  }
}
