package dev.rookery.homes;

import dev.rookery.kernel.Ids;
import dev.rookery.posix.Fd;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.util.ArrayList;
import java.util.List;

/** Removes a directory with all that is in it, however deep, without following links. */
final class TreeRemoval {
  /** What lies deeper is first moved up, so that few directories are open at a time. */
  private static final int MAX_DEPTH = 64;

  private static final int BATCH = 10_000;

  /** Somebody may make files as fast as they are removed. */
  private static final int MAX_ROUNDS = 1_000;

  private final Fd top;

  private TreeRemoval(Fd top) {
    this.top = top;
  }

  static void remove(Posix.Spot spot) {
    try (Fd top = Posix.openDirectory(spot.directory(), spot.name())) {
      new TreeRemoval(top).empty(top, 0);
    }
    Posix.remove(spot.directory(), spot.name(), true);
  }

  private void empty(Fd directory, int depth) {
    List<String> names = some(directory);
    for (int round = 0; round < MAX_ROUNDS && !names.isEmpty(); round++) {
      names.forEach(name -> remove(new Posix.Spot(directory, name), depth));
      names = some(directory);
    }
  }

  private void remove(Posix.Spot spot, int depth) {
    try {
      if (!Posix.status(spot.directory(), spot.name()).isDirectory()) {
        Posix.remove(spot.directory(), spot.name(), false);
        return;
      }
      if (depth >= MAX_DEPTH) {
        Posix.rename(spot, new Posix.Spot(top, Ids.next("deep")));
        return;
      }
      try (Fd inner = Posix.openDirectory(spot.directory(), spot.name())) {
        empty(inner, depth + 1);
      }
      Posix.remove(spot.directory(), spot.name(), true);
    } catch (PosixFailure e) {
      if (e.number() != PosixFailure.NOENT) {
        throw e;
      }
    }
  }

  private static List<String> some(Fd directory) {
    List<String> names = new ArrayList<>();
    Posix.names(
        directory,
        name -> {
          if (names.size() < BATCH) {
            names.add(name);
          }
        });
    return names;
  }
}
