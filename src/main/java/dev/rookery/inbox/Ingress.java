package dev.rookery.inbox;

import dev.rookery.kernel.EventId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one delivery at the door.
 *
 * @param decision {@code accepted}, {@code duplicate}, {@code skipped} or {@code rejected}
 * @param bodySha256 of a rejected body; the body itself is not kept
 * @param headers of a rejected delivery, without secrets
 */
public record Ingress(
    String id,
    String source,
    String decision,
    String code,
    String why,
    @Nullable EventId event,
    @Nullable String bodySha256,
    @Nullable Map<String, String> headers) {}
