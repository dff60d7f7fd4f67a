package dev.rookery.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.kernel.IntegrationId;
import dev.rookery.kernel.Text;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One normalised fact from outside, before it is an event. Text is cleaned of lone surrogates and
 * NUL here, once.
 *
 * @param type such as {@code message}, {@code message_edited}, {@code command}, {@code choice},
 *     {@code manual}
 * @param dedupeKey unique per source for one real-world fact: the same delivery again has the same
 *     key
 * @param payload what the sender sent, for rules and for people; never interpreted by dispatch
 *     itself
 */
public record Inbound(
    Origin origin,
    String type,
    String dedupeKey,
    Place place,
    Actor actor,
    Instant occurredAt,
    Content content,
    JsonNode payload) {

  /** Type of the fact that somebody chose what a message of ours offered. */
  public static final String CHOICE = "choice";

  /** What was chosen, when this is a {@link #CHOICE}; else empty. */
  public String choice() {
    return type.equals(CHOICE) ? payload.path("choice").asText("") : "";
  }

  /**
   * Where it entered: {@code telegram:int_…}, {@code cli}, {@code api}.
   *
   * @param remoteId the remote side's id of the message, to reply to
   */
  public record Origin(
      String source, @Nullable IntegrationId integration, @Nullable String remoteId) {}

  /**
   * Where it was said.
   *
   * @param conversationKey decides ordering and context; unique within the organization
   * @param resource the chat, channel or repository, by the remote side's id
   * @param address where a reply goes, in the channel's own spelling, such as {@code 12345/7} for
   *     chat and thread
   * @param direct a place with one person, where everything is addressed to the agent
   */
  public record Place(
      String conversationKey,
      @Nullable String resource,
      String address,
      String name,
      boolean direct) {}

  /** Who said it. {@code depth} counts agents that answered agents before (0 for people). */
  public record Actor(Kind kind, String id, String name, int depth) {
    public Actor {
      name = Text.clean(name);
    }

    /** Who it is for the skip rules. */
    public enum Kind {
      PERSON,
      MEMBER,
      BOT,
      AGENT,
      SELF,
      SYSTEM
    }
  }

  /**
   * What was said.
   *
   * @param addressed the channel saw that the bot itself was mentioned, replied to or written to
   *     directly
   * @param command a slash command without the slash, in lower case, such as {@code clear}; its
   *     words stay in the text
   */
  public record Content(
      String text, boolean addressed, @Nullable String command, List<Attachment> attachments) {
    public Content {
      text = Text.clean(text);
      attachments = List.copyOf(attachments);
    }
  }

  /** A file that came along, not yet downloaded. Size in bytes, -1 if unknown. */
  public record Attachment(String remoteId, String name, String mediaType, long size) {}
}
