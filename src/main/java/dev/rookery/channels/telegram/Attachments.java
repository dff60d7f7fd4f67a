package dev.rookery.channels.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.rookery.inbox.Inbound.Attachment;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.List;

/** Finds the files of a message. Names come from strangers and are made harmless here. */
final class Attachments {
  private static final int MAX_NAME = 120;

  private Attachments() {}

  private record Kind(String field, String extension, String mediaType) {}

  /** Animation before document: Telegram sends both for one file. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind("animation", "mp4", "video/mp4"),
          new Kind("document", "bin", "application/octet-stream"),
          new Kind("voice", "ogg", "audio/ogg"),
          new Kind("audio", "mp3", "audio/mpeg"),
          new Kind("video", "mp4", "video/mp4"),
          new Kind("video_note", "mp4", "video/mp4"),
          new Kind("live_photo", "mp4", "video/mp4"));

  static List<Attachment> of(JsonNode message) {
    List<Attachment> found = new ArrayList<>();
    String id = message.path("message_id").asText("0");
    add(found, largest(message.path("photo")), new Kind("photo", "jpg", "image/jpeg"), id);
    for (Kind kind : KINDS) {
      boolean twin = kind.field().equals("document") && message.has("animation");
      if (!twin) {
        add(found, message.path(kind.field()), kind, id);
      }
    }
    add(found, message.path("sticker"), sticker(message.path("sticker")), id);
    return found;
  }

  private static void add(List<Attachment> found, JsonNode file, Kind kind, String messageId) {
    String remoteId = file.path("file_id").asText("");
    if (remoteId.isEmpty()) {
      return;
    }
    String fallback = kind.field() + "_" + messageId + "." + kind.extension();
    long size = file.path("file_size").asLong(-1);
    found.add(
        new Attachment(
            remoteId,
            harmless(file.path("file_name").asText(""), fallback),
            mediaType(file.path("mime_type").asText(""), kind.mediaType()),
            size < 0 ? -1 : size));
  }

  private static JsonNode largest(JsonNode sizes) {
    JsonNode largest = MissingNode.getInstance();
    long most = -1;
    for (JsonNode size : sizes) {
      long pixels = size.path("width").asLong(0) * size.path("height").asLong(0);
      if (pixels >= most) {
        most = pixels;
        largest = size;
      }
    }
    return largest;
  }

  private static Kind sticker(JsonNode sticker) {
    if (sticker.path("is_animated").asBoolean(false)) {
      return new Kind("sticker", "tgs", "application/x-tgsticker");
    }
    return sticker.path("is_video").asBoolean(false)
        ? new Kind("sticker", "webm", "video/webm")
        : new Kind("sticker", "webp", "image/webp");
  }

  /** No directories, no control or direction characters, no leading dot, bounded length. */
  static String harmless(String name, String fallback) {
    String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String plain = Text.clean(base.replaceAll("[\\p{Cc}\\p{Cf}:*?\"<>|]", "")).strip();
    String visible = plain.replaceAll("^\\.+", "");
    if (visible.length() > MAX_NAME) {
      int dot = visible.lastIndexOf('.');
      String extension = dot > visible.length() - 12 ? visible.substring(dot) : "";
      visible = Text.cut(visible, MAX_NAME - extension.length()) + extension;
    }
    return visible.isBlank() ? fallback : visible;
  }

  private static String mediaType(String given, String fallback) {
    return given.matches("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}")
        ? given
        : fallback;
  }
}
