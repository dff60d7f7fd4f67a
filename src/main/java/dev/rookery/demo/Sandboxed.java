package dev.rookery.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** What came of commands in the agent's sandbox. */
sealed interface Sandboxed {
  /**
   * They ran.
   *
   * @param attestation what the run's record says about its confinement
   * @param commands how many ran
   * @param lines what the allowed command counted
   * @param secrets how many of the host's secrets came out, of those that were tried for
   * @param connections how many reached a server on the host's loopback
   */
  record Shown(JsonNode attestation, int commands, int lines, int secrets, int connections)
      implements Sandboxed {
    String tier() {
      return attestation.path("tier").asText("unknown");
    }

    boolean attested() {
      return attestation.path("attested").asBoolean(false);
    }

    /** In words what the run's record says. */
    String words() {
      return "tier %s, %s: the host's files %s, its network %s, seccomp %s, capabilities %s"
          .formatted(
              tier(),
              attested() ? "attested" : "NOT attested",
              outOfReach("canary_hidden"),
              outOfReach("loopback_hidden"),
              attestation.path("seccomp").asText("unknown"),
              attestation.path("cap_eff").asText("unknown").matches("0+") ? "none" : "not none");
    }

    private String outOfReach(String field) {
      return attestation.path(field).asBoolean(false) ? "out of reach" : "NOT out of reach";
    }
  }

  /** This machine has no sandbox, so nothing is shown and nothing is claimed. */
  record NotShown(String why) implements Sandboxed {}
}
