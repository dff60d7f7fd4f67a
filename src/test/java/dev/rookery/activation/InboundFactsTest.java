package dev.rookery.activation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.inbox.Inbound.Actor.Kind;
import dev.rookery.kernel.AgentId;
import org.junit.jupiter.api.Test;

class InboundFactsTest {
  @Test
  void an_inbound_fact_is_what_the_decider_sees() {
    InboundFacts facts = Given.facts("{}");
    AgentId target = AgentId.next();
    assertThat(InboundFacts.of(facts.inbound(), "verified", target))
        .isEqualTo(
            new EventFacts(
                "message",
                "Deploy failed",
                true,
                true,
                target,
                null,
                new EventFacts.Actor(Kind.PERSON, "42", 0),
                facts));
  }
}
