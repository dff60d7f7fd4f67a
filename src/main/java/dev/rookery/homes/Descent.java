package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a home down to one of its files. Goes from directory to directory, each opened
 * relative to the one above without following links, and resolves links itself: whatever a process
 * in the sandbox swaps meanwhile, every directory that was opened lay below the home.
 */
final class Descent implements AutoCloseable {
  /** As the kernel allows, path_resolution(7). */
  private static final int MAX_LINKS = 40;

  /** How often a name may turn into something else under our hands. */
  private static final int MAX_CHANGES = 100;

  private final HomePath asked;
  private final List<Fd> directories = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Deque<String> ahead;
  private @Nullable String last;
  private int links;
  private int changes;

  private Descent(Fd home, HomePath asked) {
    this.asked = asked;
    this.ahead = new ArrayDeque<>(asked.parts());
    directories.add(home);
  }

  /** How the last name of a path is taken. */
  enum Last {
    /** A link stands for what it points to. */
    FOLLOWED,
    /** A link is meant itself. */
    ITSELF
  }

  /**
   * Goes to the directory that holds the file; the file itself need not exist.
   *
   * @throws Refusal {@code path-outside-home} where a link leads out, {@code file-not-found},
   *     {@code not-a-directory}, {@code too-many-links}
   */
  static Descent to(Home home, HomePath path, Last last) {
    return go(home, path, last, null);
  }

  /** As {@link #to}, and makes the directories that are missing on the way. */
  static Descent making(Home home, HomePath path) {
    return go(home, path, Last.FOLLOWED, home);
  }

  private static Descent go(Home home, HomePath path, Last last, @Nullable Home makes) {
    Descent descent = new Descent(openHome(home), path);
    try {
      while (!descent.ahead.isEmpty()) {
        descent.step(last, makes);
      }
      return descent;
    } catch (RuntimeException e) {
      descent.close();
      throw e;
    }
  }

  static Fd openHome(Home home) {
    try {
      return Posix.openTrusted(home.path());
    } catch (PosixFailure e) {
      throw new Refusal(
          Refusal.Kind.UNAVAILABLE,
          "home-missing",
          "The home directory " + home.path() + " cannot be opened: " + e.getMessage() + ".");
    }
  }

  private void step(Last how, @Nullable Home makes) {
    String name = ahead.removeFirst();
    if (name.isEmpty() || name.equals(".")) {
      return;
    }
    if (name.equals("..")) {
      up();
      return;
    }
    boolean isLast = ahead.isEmpty();
    FileStatus status = look(name);
    if (status != null
        && status.type() == FileStatus.Type.SYMLINK
        && !(isLast && how == Last.ITSELF)) {
      follow(name);
    } else if (isLast) {
      last = name;
    } else {
      down(name, status, makes);
    }
  }

  private @Nullable FileStatus look(String name) {
    try {
      return Posix.status(directory(), name);
    } catch (PosixFailure e) {
      if (e.number() == PosixFailure.NOENT) {
        return null;
      }
      throw FileRefusals.refusal(e, asked);
    }
  }

  private void follow(String name) {
    if (++links > MAX_LINKS) {
      throw Refusal.badInput(
          "too-many-links", "The path '%s' goes through more than %d links.", asked, MAX_LINKS);
    }
    String target;
    try {
      target = Posix.readLink(directory(), name);
    } catch (PosixFailure e) {
      retry(name, e);
      return;
    }
    String below = target;
    if (target.startsWith("/")) {
      below = belowHome(target);
      while (directories.size() > 1) {
        up();
      }
    }
    List<String> steps = List.of(below.split("/", -1));
    steps.reversed().forEach(ahead::addFirst);
  }

  private String belowHome(String target) {
    if (target.equals(Home.INSIDE) || target.startsWith(Home.INSIDE + "/")) {
      return target.substring(Home.INSIDE.length());
    }
    throw HomePath.outside(asked + " -> " + target);
  }

  private void up() {
    if (directories.size() == 1) {
      throw HomePath.outside(asked.toString());
    }
    directories.removeLast().close();
    names.removeLast();
  }

  private void down(String name, @Nullable FileStatus status, @Nullable Home makes) {
    if (status == null) {
      if (makes == null) {
        throw FileRefusals.notFound(asked);
      }
      make(name, makes);
    }
    try {
      directories.add(Posix.openDirectory(directory(), name));
      names.add(name);
    } catch (PosixFailure e) {
      if (status != null && !status.isDirectory()) {
        throw FileRefusals.notADirectory(new HomePath(names).child(name));
      }
      retry(name, e);
    }
  }

  private void make(String name, Home owner) {
    try {
      Posix.makeDirectory(directory(), name, 0700);
      Integer uid = owner.uid();
      if (uid != null) {
        Posix.own(directory(), name, uid);
      }
      Posix.syncDirectory(directory());
    } catch (PosixFailure e) {
      if (e.number() != PosixFailure.EXIST) {
        throw FileRefusals.refusal(e, asked);
      }
    }
  }

  /** Somebody swapped the name between two calls: take it as it is now. */
  private void retry(String name, PosixFailure e) {
    boolean swapped =
        switch (e.number()) {
          case PosixFailure.NOTDIR, PosixFailure.LOOP, PosixFailure.INVAL, PosixFailure.NOENT ->
              true;
          default -> false;
        };
    if (!swapped || ++changes > MAX_CHANGES) {
      throw FileRefusals.refusal(e, asked);
    }
    ahead.addFirst(name);
  }

  /** The directory that holds the file; the home itself for the home. */
  Fd directory() {
    return directories.getLast();
  }

  /** The name there, {@code .} for a directory that has no name there, such as the home. */
  String name() {
    return last == null ? "." : last;
  }

  Posix.Spot spot() {
    return new Posix.Spot(directory(), name());
  }

  /** Whether it ended at a directory that it already opened: the home, or a link to it or above. */
  boolean isOpen() {
    return last == null;
  }

  /** Where the file really is. */
  HomePath real() {
    HomePath directory = new HomePath(names);
    return last == null ? directory : directory.child(last);
  }

  /** Null when there is nothing. */
  @Nullable FileStatus statusOrNull() {
    try {
      return Posix.status(directory(), name());
    } catch (PosixFailure e) {
      if (e.number() == PosixFailure.NOENT) {
        return null;
      }
      throw FileRefusals.refusal(e, asked);
    }
  }

  /**
   * @throws Refusal {@code file-not-found}
   */
  FileStatus status() {
    FileStatus status = statusOrNull();
    if (status == null) {
      throw FileRefusals.notFound(asked);
    }
    return status;
  }

  /** The user that owns the home directory itself. */
  int homeOwner() {
    return Posix.status(directories.getFirst()).uid();
  }

  @Override
  public void close() {
    while (!directories.isEmpty()) {
      directories.removeLast().close();
    }
  }
}
