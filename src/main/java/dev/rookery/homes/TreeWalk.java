package dev.rookery.homes;

import dev.rookery.posix.Fd;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Visits what lies below a directory, in order of names, directories before what is in them. Holds
 * one open directory per level and the names of those; nothing of a tree is kept.
 */
final class TreeWalk {
  static final int MAX_DEPTH = 128;
  static final int MAX_NAMES = 250_000;

  private final Visitor visitor;
  private boolean incomplete;

  /** Something that was found. */
  record Found(Posix.Spot spot, String path, FileStatus status) {
    /**
     * For reading; never through a link, and never waits for the other end of a pipe.
     *
     * @throws PosixFailure when it is gone, replaced or not ours to read
     */
    Fd open() {
      return Posix.open(
          spot.directory(), spot.name(), Posix.NON_BLOCKING | Posix.NO_FOLLOW | Posix.NO_TTY, 0);
    }
  }

  /** What to do next. */
  enum Next {
    ON,
    /** Not into this directory. */
    PASS,
    STOP
  }

  /** Sees everything. */
  interface Visitor {
    Next visit(Found found);
  }

  TreeWalk(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Visits the tree.
   *
   * @param prefix of the paths of what is found, empty or with a slash at its end
   */
  void below(Fd directory, String prefix) {
    below(directory, prefix, 0);
  }

  /** Whether something was left out: too deep, or too many in one directory. */
  boolean incomplete() {
    return incomplete;
  }

  private boolean below(Fd directory, String prefix, int depth) {
    for (String name : names(directory)) {
      FileStatus status;
      try {
        status = Posix.status(directory, name);
      } catch (PosixFailure _) {
        continue; // gone meanwhile
      }
      Posix.Spot spot = new Posix.Spot(directory, name);
      switch (visitor.visit(new Found(spot, prefix + name, status))) {
        case STOP -> {
          return false;
        }
        case PASS -> {}
        case ON -> {
          if (status.isDirectory() && !into(spot, prefix + name + "/", depth)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private boolean into(Posix.Spot spot, String prefix, int depth) {
    if (depth >= MAX_DEPTH) {
      incomplete = true;
      return true;
    }
    Fd directory;
    try {
      directory = Posix.openDirectory(spot.directory(), spot.name());
    } catch (PosixFailure _) {
      return true; // gone, or no directory any more
    }
    try (directory) {
      return below(directory, prefix, depth + 1);
    }
  }

  private List<String> names(Fd directory) {
    List<String> names = new ArrayList<>();
    try {
      Posix.names(
          directory,
          name -> {
            if (names.size() < MAX_NAMES) {
              names.add(name);
            } else {
              incomplete = true;
            }
          });
    } catch (PosixFailure _) {
      incomplete = true; // we may not read it
    }
    Collections.sort(names);
    return names;
  }
}
