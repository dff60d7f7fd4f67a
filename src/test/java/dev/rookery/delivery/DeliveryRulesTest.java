package dev.rookery.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class DeliveryRulesTest {
  @Property
  void what_a_channel_asks_for_is_never_undercut(
      @ForAll @IntRange(min = 1, max = 100) int attempts,
      @ForAll @IntRange(max = 100_000) int seconds,
      @ForAll @DoubleRange(max = 0.99) double random) {
    Duration asked = Duration.ofSeconds(seconds);

    assertThat(DeliveryRules.pause(attempts, asked, random))
        .isBetween(asked, asked.plusMillis(250));
  }

  @Property
  void without_a_word_the_pause_grows_to_ten_minutes_and_no_further(
      @ForAll @IntRange(min = 1, max = 1_000) int attempts,
      @ForAll @DoubleRange(max = 0.99) double random) {
    assertThat(DeliveryRules.pause(attempts, null, random))
        .isBetween(Duration.ofMillis(250), Duration.ofMinutes(10));
    assertThat(DeliveryRules.pause(attempts, null, 0.5))
        .isLessThanOrEqualTo(DeliveryRules.pause(attempts + 1, null, 0.5));
  }

  @Test
  void it_gives_up_in_the_end() {
    assertThat(DeliveryRules.spent(DeliveryRules.MAX_ATTEMPTS - 1)).isFalse();
    assertThat(DeliveryRules.spent(DeliveryRules.MAX_ATTEMPTS)).isTrue();
  }
}
