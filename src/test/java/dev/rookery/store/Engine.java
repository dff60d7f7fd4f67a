package dev.rookery.store;

/** The two engines that every store test runs on. */
public enum Engine {
  SQLITE,
  POSTGRESQL
}
