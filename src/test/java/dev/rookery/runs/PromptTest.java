package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ModelMessage.Assistant;
import dev.rookery.models.ModelMessage.ToolAnswer;
import dev.rookery.models.ModelMessage.User;
import dev.rookery.models.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PromptTest {
  private static final List<ModelMessage> NOW = List.of(new User("now"));

  private static List<ModelMessage> turn(String word) {
    return List.of(new User(word), new Assistant("re " + word, List.of()));
  }

  private static Prompt prompt(int window, String... words) {
    List<List<ModelMessage>> past = new ArrayList<>();
    for (String word : words) {
      past.add(turn(word));
    }
    return new Prompt("system", List.of(), past, window);
  }

  private static List<ModelMessage> shown(Prompt prompt) {
    return prompt.request("m", NOW).messages();
  }

  @Test
  void the_past_comes_oldest_first_and_this_run_last() {
    assertThat(shown(prompt(8_000, "one", "two")))
        .containsExactly(
            new User("one"),
            new Assistant("re one", List.of()),
            new User("two"),
            new Assistant("re two", List.of()),
            new User("now"));
  }

  @Test
  void only_the_newest_turns_that_fit_half_of_the_window_are_shown_and_none_is_cut() {
    String long1 = "x".repeat(4_000);

    List<ModelMessage> shown = shown(prompt(4_000, "oldest", long1, "middle", "newest"));

    assertThat(shown).contains(new User("newest"), new User("middle"));
    assertThat(shown).doesNotContain(new User("oldest"), new User(long1));
    assertThat(shown.getLast()).isEqualTo(new User("now"));
    assertThat(shown).hasSize(5);
  }

  @Test
  void this_run_is_shown_whole_even_when_it_alone_is_too_long() {
    List<ModelMessage> huge = List.of(new User("x".repeat(1_000_000)));

    assertThat(prompt(1_000, "past").request("m", huge).messages()).endsWith(huge.getFirst());
  }

  @Test
  void after_an_overflow_half_of_the_past_is_forgotten_until_none_is_left() {
    Prompt prompt = prompt(100_000, "a", "b", "c", "d", "e");

    assertThat(prompt.forgetHalf()).isTrue();
    assertThat(shown(prompt)).hasSize(5).startsWith(new User("d"));
    assertThat(prompt.forgetHalf()).isTrue();
    assertThat(prompt.forgetHalf()).isTrue();
    assertThat(shown(prompt)).isEqualTo(NOW);
    assertThat(prompt.forgetHalf()).isFalse();
  }

  @Test
  void a_small_window_leaves_room_for_an_answer() {
    assertThat(prompt(4_000).request("m", NOW).limits().maxOutputTokens()).isEqualTo(1_000);
    assertThat(prompt(1_000_000).request("m", NOW).limits().maxOutputTokens()).isEqualTo(4_096);
  }

  @Test
  void a_turn_is_later_seen_as_what_was_said_without_the_calls_between() {
    List<ModelMessage> messages =
        List.of(
            new User("time?"),
            new Assistant("I look.", List.of(new ToolCall("1", "clock", Json.object()))),
            new ToolAnswer("1", "clock", "12:00", false),
            new User("quick!"),
            new Assistant("Noon.", List.of()));

    assertThat(Prompt.turn(messages))
        .containsExactly(new User("time?"), new User("quick!"), new Assistant("Noon.", List.of()));
    assertThat(Prompt.turn(List.of(new User("hi"))))
        .containsExactly(new User("hi"), new Assistant("(no answer)", List.of()));
    assertThat(Prompt.turn(List.of())).isEmpty();
  }
}
