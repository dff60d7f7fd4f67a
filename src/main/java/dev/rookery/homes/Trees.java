package dev.rookery.homes;

import dev.rookery.posix.Fd;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;

/** Opens directories at the end of a {@link Descent}. */
final class Trees {
  private Trees() {}

  static Fd open(Home home, HomePath path) {
    try (Descent way = Descent.to(home, path, Descent.Last.FOLLOWED)) {
      return open(way);
    }
  }

  /**
   * @throws dev.rookery.kernel.Refusal {@code file-not-found}, {@code not-a-directory}
   */
  static Fd open(Descent way) {
    try {
      return Posix.openDirectory(way.directory(), way.name());
    } catch (PosixFailure e) {
      throw FileRefusals.refusal(e, way.real());
    }
  }
}
