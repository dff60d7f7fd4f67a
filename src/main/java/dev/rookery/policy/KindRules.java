package dev.rookery.policy;

import dev.rookery.policy.Spec.Kind;
import java.util.Set;

/** Which tools may make demands of which kind; a tool says so by its classes. */
final class KindRules {
  /** How tools of MCP servers are named. */
  private static final String MCP = "mcp_";

  private KindRules() {}

  static boolean mayMake(Kind kind, String tool, Set<Capability> capabilities) {
    return switch (kind) {
      case BASH -> capabilities.contains(Capability.SHELL_RUN);
      case READ -> capabilities.contains(Capability.FS_READ);
      case WRITE -> capabilities.contains(Capability.FS_WRITE);
      case HTTP ->
          capabilities.contains(Capability.NET_FETCH) || capabilities.contains(Capability.NET_SEND);
      case SEND -> capabilities.contains(Capability.CHANNEL_SEND);
      case MCP -> tool.startsWith(MCP);
    };
  }
}
