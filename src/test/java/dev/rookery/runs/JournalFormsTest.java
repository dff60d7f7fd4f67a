package dev.rookery.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.models.ToolCall;
import dev.rookery.tools.EffectClass;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written to the journal and said to people has a fixed form. */
final class JournalFormsTest {
  private static final Run RUN =
      new Run(
          RunId.next(),
          OrgId.next(),
          AgentId.next(),
          "chat",
          new Run.Origin("act", true, null, Lineage.of(RunId.next(), 0), Set.of(), null),
          new Run.Status(RunState.RUNNING, null, null, null),
          new Run.Lease(1, null, 0),
          new Run.Times(0, 0, 0, 0, 0));

  @Property(tries = 300)
  void a_message_reads_back_as_it_was_written(@ForAll("messages") ModelMessage message) {
    String role = MessageCodec.role(message);

    assertThat(MessageCodec.read(role, MessageCodec.write(message))).isEqualTo(message);
  }

  @Provide
  Arbitrary<ModelMessage> messages() {
    Arbitrary<String> text =
        Arbitraries.strings().ofMaxLength(40).map(t -> dev.rookery.kernel.Text.clean(t));
    Arbitrary<ToolCall> call =
        Combinators.combine(text, text, text)
            .as((id, tool, value) -> new ToolCall(id, tool, Json.object().put("v", value)));
    Arbitrary<ModelMessage> user = text.map(ModelMessage.User::new);
    Arbitrary<ModelMessage> assistant =
        Combinators.combine(text, call.list().ofMaxSize(3)).as(ModelMessage.Assistant::new);
    Arbitrary<ModelMessage> tool =
        Combinators.combine(text, text, text, Arbitraries.of(true, false))
            .as(ModelMessage.ToolAnswer::new);
    return Arbitraries.oneOf(user, assistant, tool);
  }

  @Test
  void a_key_is_the_same_for_the_same_call_and_differs_in_every_part() {
    IdempotencyKeys keys = keys("secret");
    RunId run = RunId.next();
    String key = keys.of(run, 3, "mail", "{\"to\":\"a\"}");

    assertThat(keys("secret").of(run, 3, "mail", "{\"to\":\"a\"}")).isEqualTo(key);
    assertThat(key).matches("[a-z2-7]{52}");
    Set<String> all =
        new HashSet<>(
            List.of(
                key,
                keys.of(run, 4, "mail", "{\"to\":\"a\"}"),
                keys.of(run, 3, "post", "{\"to\":\"a\"}"),
                keys.of(run, 3, "mail", "{\"to\":\"b\"}"),
                keys.of(RunId.next(), 3, "mail", "{\"to\":\"a\"}"),
                keys("other").of(run, 3, "mail", "{\"to\":\"a\"}")));
    assertThat(all).hasSize(6);
  }

  private static IdempotencyKeys keys(String secret) {
    return new IdempotencyKeys(secret.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void every_failure_has_a_notice_with_cause_and_run(FailureReason reason) {
    String notice = FailureNotice.text(RUN, reason, "details");

    assertThat(reason.sentence()).isNotBlank().doesNotEndWith(".");
    assertThat(notice)
        .contains("because " + reason.sentence())
        .contains("`" + reason.label() + "`")
        .contains("details")
        .contains(RUN.id().value());
  }

  @Test
  void a_question_names_the_step_and_the_command_that_answers_it() {
    Step step = Steps.tool(7, StepState.UNKNOWN, EffectClass.UNSAFE);

    assertThat(FailureNotice.question(RUN, step, "It broke."))
        .contains("`name`")
        .contains("It broke.")
        .contains("rookery runs resolve " + RUN.id() + " --step 7 --as happened|retry|skip");
  }
}
