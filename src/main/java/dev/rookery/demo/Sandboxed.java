package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** What came of commands in the agent's sandbox. */
sealed interface Sandboxed {
  /**
   * They ran.
   *
   * @param attestation what the run's record says about its confinement
   * @param lines what the allowed command counted
   * @param secrets how many of the host's secrets came out, of those that were tried for
   * @param connections how many reached a server on the host's loopback
   */
  record Shown(JsonNode attestation, int lines, int secrets, int connections) implements Sandboxed {
    String tier() {
      return attestation.path("tier").asText("unknown");
    }

    boolean attested() {
      return attestation.path("attested").asBoolean(false);
    }
  }

  /** This machine has no sandbox, so nothing is shown and nothing is claimed. */
  record NotShown(String why) implements Sandboxed {}
}
