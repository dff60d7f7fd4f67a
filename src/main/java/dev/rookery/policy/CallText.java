package dev.rookery.policy;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call as people write it to ask what would become of it: {@code bash(rm -rf /)}, {@code
 * read(notes.txt)}, {@code write(out/x)}, {@code read(notes/**)} for a directory with all below it
 * ({@code **} is the home), {@code http(GET https://host/path)}, {@code mcp(server/tool)}, {@code
 * send(telegram chat)}, or the name of a tool.
 */
public final class CallText {
  private static final Pattern TYPED =
      Pattern.compile("(bash|read|write|http|mcp|send)\\((.*)\\)", Pattern.DOTALL);
  private static final Pattern TOOL = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private CallText() {}

  /**
   * @throws Refusal {@code bad-call}
   */
  public static Action read(String call) {
    Matcher typed = TYPED.matcher(call);
    if (typed.matches()) {
      return typed(typed.group(1), typed.group(2));
    }
    if (!TOOL.matcher(call).matches()) {
      throw Refusal.badInput(
          "bad-call",
          "'%s' is no call: write a tool's name, bash(…), read(path), write(path),"
              + " http(GET https://…), mcp(server/tool) or send(channel conversation).",
          Text.brief(Text.clean(call), 80));
    }
    return new Action(call, Set.of(Capability.EXTERNAL_CALL), List.of());
  }

  private static Action typed(String kind, String what) {
    return switch (kind) {
      case "bash" -> action("bash", Capability.SHELL_RUN, new Demand.Command(what));
      case "read" -> file(what.strip(), false);
      case "write" -> file(what.strip(), true);
      case "http" -> http(what);
      case "mcp" -> {
        String[] parts = two(what, "/", "mcp(server/tool)");
        yield action(
            "mcp_" + parts[0] + "_" + parts[1],
            Capability.EXTERNAL_CALL,
            new Demand.Mcp(parts[0], parts[1]));
      }
      default -> {
        String[] parts = two(what, " ", "send(telegram telegram:123)");
        yield action("send_message", Capability.CHANNEL_SEND, new Demand.Send(parts[0], parts[1]));
      }
    };
  }

  /** Named as the tool that does so with one file, or with all below a directory. */
  private static Action file(String path, boolean written) {
    Capability capability = written ? Capability.FS_WRITE : Capability.FS_READ;
    String tree =
        path.equals("**") ? "." : path.endsWith("/**") ? path.substring(0, path.length() - 3) : "";
    if (!tree.isEmpty()) {
      return action(written ? "restore" : "grep", capability, new Demand.FileTree(tree, written));
    }
    return written
        ? action("write_file", capability, new Demand.FileWrite(path))
        : action("read_file", capability, new Demand.FileRead(path));
  }

  private static Action action(String tool, Capability capability, Demand demand) {
    return new Action(tool, Set.of(capability), List.of(demand));
  }

  private static String[] two(String text, String separator, String example) {
    String[] parts = text.strip().split(separator, 2);
    if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
      throw Refusal.badInput("bad-call", "The call cannot be read; write for example %s.", example);
    }
    return parts;
  }

  private static Action http(String what) {
    String[] parts = two(what, " ", "http(GET https://example.org/path)");
    URI uri;
    try {
      uri = URI.create(parts[1].strip());
    } catch (IllegalArgumentException e) {
      throw Refusal.badInput("bad-call", "The address in http(…) cannot be read.");
    }
    String host = uri.getHost();
    if (host == null) {
      throw Refusal.badInput("bad-call", "The address in http(…) names no host.");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : "http".equals(uri.getScheme()) ? 80 : 443;
    String path = Objects.requireNonNullElse(uri.getRawPath(), "");
    String method = parts[0].toUpperCase(Locale.ROOT);
    return action(
        "http_request",
        READING.contains(method) ? Capability.NET_FETCH : Capability.NET_SEND,
        new Demand.Http(method, host.toLowerCase(Locale.ROOT), port, path.isEmpty() ? "/" : path));
  }
}
