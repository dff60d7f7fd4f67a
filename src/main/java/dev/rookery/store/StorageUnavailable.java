package dev.rookery.store;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used now: gone, out of space, overloaded. Nothing of the transaction is
 * known to be stored; the same work may be tried again.
 */
public final class StorageUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StorageUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
