package dev.rookery.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every row of the corpus of forged addresses. */
final class SsrfCorpusTest {
  private static final Reach PLAIN = new Reach(true, false);
  private static final Path CORPUS =
      Path.of(
          System.getProperty("rookery.shared", "../shared"),
          "vectors/08-security/ssrf/ssrf-urls.json");

  @BeforeAll
  static void needed() {
    assumeTrue(Files.exists(CORPUS), "vectors are not here");
  }

  /** As a resolver of an attacked machine answers: names of the inside are inside. */
  private static Names answering(String address) {
    return host -> List.of(InetAddress.ofLiteral(host.equals("localhost") ? "127.0.0.1" : address));
  }

  @Test
  void what_must_be_blocked_is_blocked_and_names_are_decided_after_resolution() throws IOException {
    List<String> wrong = new ArrayList<>();
    int blocked = 0;
    int names = 0;
    for (JsonNode row : Json.parse(Files.readAllBytes(CORPUS))) {
      String url = row.path("url").asText();
      if (row.path("must_block").asBoolean()) {
        blocked++;
        if (passes(url, answering("93.184.216.34"))) {
          wrong.add("passed: " + url);
        }
      } else if (row.path("class").asText().equals("dns-name")) {
        names++;
        if (passes(url, answering("10.0.0.7"))) {
          wrong.add("passed to a private address: " + url);
        }
        if (!passes(url, answering("93.184.216.34")) && !contested(url)) {
          wrong.add("refused though public: " + url);
        }
      } else if (!passes(url, answering("10.0.0.7"))) {
        wrong.add("refused: " + url);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(blocked).isGreaterThan(45);
    assertThat(names).isGreaterThan(8);
  }

  /** User info and a name with an exclamation mark: refused, although browsers would go there. */
  private static boolean contested(String url) {
    return url.contains("@") || url.contains("!");
  }

  private static boolean passes(String url, Names names) {
    try {
      return Vetting.of(WebAddress.read(url), PLAIN, names) instanceof Vetting.Passed;
    } catch (Refusal e) {
      return false;
    }
  }

  @Test
  void one_private_address_among_public_ones_is_enough_to_refuse() {
    Names mixed =
        _ -> List.of(InetAddress.ofLiteral("93.184.216.34"), InetAddress.ofLiteral("fd00::1"));
    assertThat(Vetting.of(WebAddress.read("https://two.test/"), Reach.PUBLIC, mixed))
        .isInstanceOf(Vetting.Refused.class);
  }
}
