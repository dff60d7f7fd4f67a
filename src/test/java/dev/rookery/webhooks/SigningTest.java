package dev.rookery.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Signatures against the vectors of those who specify them. */
final class SigningTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final byte[] BODY = bytes("{\"test\": 1}");
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode vectors(String file) throws IOException {
    Path path =
        Path.of(System.getProperty("rookery.shared", "../shared")).resolve("vectors/" + file);
    assumeTrue(Files.exists(path), "the vectors are not here: " + file);
    return Json.parse(Files.readString(path));
  }

  private static byte[] payload(JsonNode vector) {
    JsonNode repeat = vector.path("payload_repeat");
    return bytes(
        repeat.isArray()
            ? repeat.get(0).asText().repeat(repeat.get(1).asInt())
            : vector.path("payload").asText());
  }

  private static Map<String, List<String>> standard(String id, String timestamp, String signature) {
    return Map.of(
        "webhook-id", List.of(id),
        "webhook-timestamp", List.of(timestamp),
        "webhook-signature", List.of(signature));
  }

  private static @Nullable String standard(Map<String, List<String>> headers) {
    return Signing.fault(Signature.STANDARD, SECRET, BODY, headers, NOW);
  }

  private static Map<String, List<String>> signedAt(long seconds) {
    String timestamp = Long.toString(seconds);
    return standard(
        "msg_1", timestamp, Signing.standardSignature(SECRET, "msg_1", timestamp, BODY));
  }

  private static @Nullable String hub(String secret, String body, String... signatures) {
    return Signing.fault(
        Signature.SHA256,
        secret,
        bytes(body),
        Map.of("x-hub-signature-256", List.of(signatures)),
        NOW);
  }

  @Test
  void standard_webhooks_are_signed_as_the_specification_signs() throws IOException {
    JsonNode file = vectors("03-webhook-signatures/standard-webhooks.json");
    for (JsonNode v : file.path("sign")) {
      String signed =
          Signing.standardSignature(
              v.path("secret").asText(),
              v.path("id").asText(),
              v.path("timestamp").asText(),
              payload(v));
      assertThat(signed).isEqualTo(v.path("signature").asText());
    }
    assertThat(file.path("verify")).isNotEmpty();
    for (JsonNode v : file.path("verify")) {
      String fault =
          Signing.fault(
              Signature.STANDARD,
              v.path("secret").asText(),
              payload(v),
              standard(
                  v.path("id").asText(),
                  v.path("timestamp").asText(),
                  v.path("signature").asText()),
              Instant.ofEpochSecond(v.path("now").asLong()));
      assertThat(fault == null).as(v.path("name").asText()).isEqualTo(v.path("expect").asBoolean());
    }
  }

  @Test
  void hub_signatures_of_others_are_right() throws IOException {
    for (JsonNode v : vectors("02-github/signatures.json").path("vectors")) {
      String fault =
          hub(v.path("secret").asText(), v.path("payload").asText(), v.path("signature").asText());
      assertThat(fault == null).isEqualTo(v.path("valid").asBoolean());
    }
    for (JsonNode v : vectors("03-webhook-signatures/whatsapp-cloud.json").path("vectors")) {
      String fault =
          hub(v.path("app_secret").asText(), v.path("body").asText(), v.path("signature").asText());
      assertThat(fault == null).isEqualTo(v.path("expect").asBoolean());
    }
  }

  @Test
  void a_timestamp_is_believed_for_five_minutes_both_ways() {
    assertThat(standard(signedAt(NOW.getEpochSecond() - 300))).isNull();
    assertThat(standard(signedAt(NOW.getEpochSecond() + 300))).isNull();
    assertThat(standard(signedAt(NOW.getEpochSecond() - 301))).isEqualTo("timestamp-old");
    assertThat(standard(signedAt(NOW.getEpochSecond() + 301))).isEqualTo("timestamp-ahead");
  }

  @Test
  void one_right_signature_of_several_is_enough() {
    Map<String, List<String>> headers = new HashMap<>(signedAt(NOW.getEpochSecond()));
    String right = Objects.requireNonNull(headers.get("webhook-signature")).getFirst();
    headers.put("webhook-signature", List.of("v1a,abc v1,AAAA " + right));
    assertThat(standard(headers)).isNull();
    headers.put("webhook-signature", List.of("v2" + right.substring(2)));
    assertThat(standard(headers)).isEqualTo("signature-wrong");
    headers.put("webhook-timestamp", List.of("soon"));
    assertThat(standard(headers)).isEqualTo("timestamp-malformed");
    headers.remove("webhook-id");
    assertThat(standard(headers)).isEqualTo("signature-missing");
  }

  @Test
  void without_or_with_two_signatures_nothing_is_right() {
    String right = Signing.hubSignature("secret", BODY);
    assertThat(hub("secret", "{\"test\": 1}", right)).isNull();
    assertThat(hub("secret", "{\"test\": 1}", right, right)).isEqualTo("signature-duplicated");
    assertThat(hub("secret", "{\"test\": 2}", right)).isEqualTo("signature-wrong");
    assertThat(hub("secret", "{\"test\": 1}")).isEqualTo("signature-missing");
    assertThat(Signing.fault(Signature.SHA256, null, BODY, Map.of(), NOW)).isEqualTo("no-secret");
    assertThat(Signing.fault(Signature.NONE, null, BODY, Map.of(), NOW)).isNull();
  }
}
