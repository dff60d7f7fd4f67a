package dev.rookery.cli;

import java.time.InstantSource;

/** Where the process begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Context context = new Context(Terminal.ofProcess(), InstantSource.system());
    System.exit(CommandTree.of(context, args).execute(args));
  }
}
