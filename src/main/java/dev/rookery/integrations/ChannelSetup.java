package dev.rookery.integrations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** How integrations of one channel are connected and tested. One per channel that people set up. */
public interface ChannelSetup {
  /** Type name, such as {@code telegram}. */
  String channel();

  /**
   * The wish as the channel needs it: fields checked, secrets that it can choose itself generated.
   * Touches nothing outside.
   *
   * @throws dev.rookery.kernel.Refusal that names the field
   */
  NewIntegration complete(NewIntegration wish);

  /**
   * Checks with the other side that the secrets work, and connects. The draft is not stored yet.
   *
   * @param webhook where the other side can deliver to us; null when this server has no public URL
   * @return what was learned; goes into the configuration
   * @throws dev.rookery.kernel.Refusal with the other side's reason; the draft is not stored then
   */
  ObjectNode connect(Integration draft, @Nullable URI webhook);

  /** Asks the other side how the connection fares. */
  Health test(Integration integration);

  /**
   * How a connection fares.
   *
   * @param facts for people, in snake_case
   * @param problem one sentence with what to do, or null when all is well
   */
  record Health(ObjectNode facts, @Nullable String problem) {}
}
