package dev.rookery.egress;

/** How an exchange ended, in honest words. */
public sealed interface Ending<T> {
  /** There is an answer, and it was read. */
  record Answered<T>(T answer) implements Ending<T> {}

  /** The request certainly had no effect. */
  record NotSent<T>(String why) implements Ending<T> {}

  /** The request was, or may have been, received; what became of it is not known. */
  record Broken<T>(String why) implements Ending<T> {}
}
