package dev.rookery.activation;

/** One event as filters see it. */
@FunctionalInterface
public interface Facts {
  /** The field's value; {@link Value.Missing} when it is not there. Never throws. */
  Value value(Field field);
}
