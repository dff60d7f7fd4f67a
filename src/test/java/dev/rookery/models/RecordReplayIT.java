package dev.rookery.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.models.ModelFailure.Bearing;
import dev.rookery.models.ModelFailure.Reason;
import dev.rookery.models.ModelSettings.Exchanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordReplayIT {
  @TempDir Path directory;

  private Models recording(String url) {
    return TestModels.at(
        Provider.ANTHROPIC, url, TestModels.SHORT, new Exchanges.Recorded(directory));
  }

  private Models replaying() {
    return TestModels.at(
        Provider.ANTHROPIC,
        "http://127.0.0.1:1",
        TestModels.SHORT,
        new Exchanges.Replayed(directory));
  }

  private static TestModels.Streamed ask(Models models, String text) {
    return TestModels.stream(models, Provider.ANTHROPIC, TestModels.asking(text));
  }

  private static String text(String text) {
    return AnthropicWireIT.start()
        + AnthropicWireIT.textBlock(text)
        + AnthropicWireIT.end("end_turn");
  }

  @Test
  void what_was_recorded_is_replayed_without_the_provider() throws Exception {
    TestModels.Streamed recorded;
    try (FakeProvider fake = new FakeProvider();
        Models models = recording(fake.url())) {
      fake.thenSse(text("Grüße 😀"));
      recorded = ask(models, "hi");
    }
    try (Models models = replaying()) {
      assertThat(ask(models, "hi")).isEqualTo(recorded);
      assertThat(ask(models, "hi")).isEqualTo(recorded);
    }
  }

  @Test
  void the_same_request_twice_is_two_recordings_in_order() throws Exception {
    try (FakeProvider fake = new FakeProvider();
        Models models = recording(fake.url())) {
      fake.thenSse(text("first")).thenSse(text("second"));
      ask(models, "hi");
      ask(models, "hi");
    }
    try (Models models = replaying()) {
      assertThat(ask(models, "hi").answer().text()).isEqualTo("first");
      assertThat(ask(models, "hi").answer().text()).isEqualTo("second");
    }
  }

  @Test
  void failures_are_recorded_too() throws Exception {
    try (FakeProvider fake = new FakeProvider();
        Models models = recording(fake.url())) {
      fake.thenDrop(AnthropicWireIT.start())
          .thenStatus(429, Map.of("Retry-After", "3", "Set-Cookie", "session=1"), "{}");
      assertThatThrownBy(() -> ask(models, "drop")).isInstanceOf(ModelFailure.class);
      assertThatThrownBy(() -> ask(models, "limit")).isInstanceOf(ModelFailure.class);
    }
    assertThat(files()).noneMatch(f -> f.contains("session=1"));
    try (Models models = replaying()) {
      assertThatThrownBy(() -> ask(models, "drop"))
          .isInstanceOfSatisfying(
              ModelFailure.class, f -> assertThat(f.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThatThrownBy(() -> ask(models, "limit"))
          .isInstanceOfSatisfying(
              ModelFailure.class, f -> assertThat(f.retryAfter()).hasSeconds(3));
    }
  }

  @Test
  void keys_are_never_in_a_recording_even_when_the_provider_quotes_them() throws Exception {
    try (FakeProvider fake = new FakeProvider();
        Models models = recording(fake.url())) {
      String quoted = text("your key is " + TestModels.KEY);
      int cut = quoted.indexOf("1234567890");
      fake.thenSse(quoted.substring(0, cut), quoted.substring(cut));
      ask(models, "my key is " + TestModels.KEY);
    }
    assertThat(files()).hasSize(1).allSatisfy(f -> assertThat(f).doesNotContain("1234567890"));
    try (Models models = replaying()) {
      assertThat(ask(models, "my key is " + TestModels.KEY).answer().text())
          .isEqualTo("your key is [removed]");
    }
  }

  @Test
  void a_request_that_was_not_recorded_fails_and_says_so() {
    try (Models models = replaying()) {
      assertThatThrownBy(() -> ask(models, "new"))
          .isInstanceOfSatisfying(
              ModelFailure.class,
              f -> {
                assertThat(f.bearing()).isEqualTo(Bearing.REJECTED);
                assertThat(f).hasMessageContaining("no recorded exchange");
                assertThat(f).hasMessageContaining("ROOKERY_MODEL_RECORD");
              });
    }
  }

  private List<String> files() throws IOException {
    try (var paths = Files.list(directory)) {
      return paths.map(RecordReplayIT::read).toList();
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
