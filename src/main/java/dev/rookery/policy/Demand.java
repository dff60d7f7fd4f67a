package dev.rookery.policy;

/**
 * What one exact call would touch, as typed rules see it. A tool makes it from arguments that fit
 * its schema; one call may make several, and the strictest ruling holds.
 */
public sealed interface Demand {
  /** Nothing that a typed rule could name; matched by the tool's name alone. */
  record Plain() implements Demand {}

  /** A command line for {@code bash}, as the model wrote it. */
  record Command(String shell) implements Demand {}

  /**
   * A file or directory that is read.
   *
   * @param path below the home, normalised, without a leading slash; {@code .} is the home itself
   */
  record FileRead(String path) implements Demand {}

  /** A file or directory that is made, changed or removed; the path as in {@link FileRead}. */
  record FileWrite(String path) implements Demand {}

  /**
   * A file or directory with everything below it, whatever that is; the path as in {@link
   * FileRead}. To deny or to ask it is enough that a rule may name something in it; to allow, one
   * rule must name all that may ever be in it.
   *
   * @param written whether it is written, rather than read
   */
  record FileTree(String path, boolean written) implements Demand {}

  /**
   * A request to a host outside.
   *
   * @param method upper case
   * @param host lower case, ASCII (IDNA), without brackets, port or trailing dot
   */
  record Http(String method, String host, int port, String path) implements Demand {}

  /**
   * Something said outside the conversation of the run.
   *
   * @param channel type of the channel, such as {@code telegram}
   * @param destination key of the conversation
   */
  record Send(String channel, String destination) implements Demand {}

  /** A call of a tool on an MCP server. */
  record Mcp(String server, String tool) implements Demand {}
}
