package dev.rookery.kernel;

/**
 * Says on whose behalf a thread works. Every transaction that begins inside {@link #as} carries the
 * actor, also where its work is done by another thread.
 */
public final class Acting {
  /** What is done when nobody asked: loops, recovery, migrations. */
  public static final Actor SYSTEM = new Actor.Inside("system");

  /** Somebody at the command line on the server's own machine, working on the database itself. */
  public static final Actor COMMAND_LINE = new Actor.CommandLine("command line on the server");

  private static final ScopedValue<Actor> WHO = ScopedValue.newInstance();

  private Acting() {}

  /** Does the work for the actor; what the work throws comes through. */
  public static <T, X extends Throwable> T as(
      Actor actor, ScopedValue.CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(WHO, actor).<T, X>call(work);
  }

  /** For whom this thread works now; {@link #SYSTEM} when nobody said. */
  public static Actor now() {
    return WHO.orElse(SYSTEM);
  }
}
