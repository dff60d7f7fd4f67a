package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.Posix.Spot;
import dev.rookery.posix.PosixFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a home by the content of an archive: unpacked beside it, then exchanged with it under
 * its name. Wherever it is interrupted, {@link #finish} completes it or leaves the home as it was.
 */
final class HomeSwap {
  private static final Logger log = LoggerFactory.getLogger(HomeSwap.class);

  private final Home home;
  private final Path notes;
  private final Consumer<Point> probe;

  /** Between what points a process may die. */
  enum Point {
    NOTED,
    UNPACKED,
    WHOLE,
    SWAPPED,
    RECORDED,
    CLEANED
  }

  /** What became of it. */
  enum Outcome {
    RESTORED,
    ROLLED_BACK
  }

  /**
   * @param notes directory of the note about a restore under way
   */
  HomeSwap(Home home, Path notes, Consumer<Point> probe) {
    this.home = home;
    this.notes = notes;
    this.probe = probe;
  }

  /** All but the clean-up; the note tells {@link #finish} to do that. */
  RestoreNote replace(RestoreNote begun, Path archive) {
    begun.write(notes);
    probe.accept(Point.NOTED);
    RestoreNote whole;
    try (Fd parent = parent()) {
      whole = begun.whole(unpack(parent, begun, archive));
    }
    probe.accept(Point.UNPACKED);
    whole.write(notes);
    probe.accept(Point.WHOLE);
    swap(whole);
    probe.accept(Point.SWAPPED);
    return whole;
  }

  private Fd parent() {
    Path parent = home.path().getParent();
    if (parent == null) {
      throw new IllegalStateException("a home is not the root of the disk");
    }
    return Posix.openTrusted(parent);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private long unpack(Fd parent, RestoreNote note, Path archive) {
    String fresh = name(note.fresh(home));
    FileStatus old = Posix.status(parent, name(home.path()));
    Posix.makeDirectory(parent, fresh, 0700);
    try (Fd top = Posix.openDirectory(parent, fresh);
        InputStream in = Files.newInputStream(archive)) {
      HomeUnpacking.unpack(in, top, home.uid());
      Posix.own(parent, fresh, old.uid());
      try (Fd readable = Posix.open(top, ".", Posix.DIRECTORY, 0)) {
        Posix.permit(readable, old.permissions());
        Posix.sync(readable);
      }
      Posix.syncDirectory(parent);
      return Posix.status(top).inode().number();
    } catch (IOException e) {
      throw new UncheckedIOException("the archive " + archive + " cannot be unpacked", e);
    }
  }

  /** The new home gets the name of the old one, and the other way round. Does nothing twice. */
  private void swap(RestoreNote note) {
    try (Fd parent = parent()) {
      Spot here = new Spot(parent, name(home.path()));
      Spot fresh = new Spot(parent, name(note.fresh(home)));
      Spot aside = new Spot(parent, name(note.aside(home)));
      if (isFresh(here, note)) {
        if (exists(aside)) {
          Posix.rename(aside, fresh);
        }
      } else if (exists(aside)) {
        halfway(here, fresh, aside);
      } else {
        exchange(here, fresh, aside);
      }
      Posix.syncDirectory(parent);
    }
  }

  private static void exchange(Spot here, Spot fresh, Spot aside) {
    try {
      Posix.exchange(here, fresh);
    } catch (PosixFailure e) {
      if (e.number() != PosixFailure.INVAL && e.number() != PosixFailure.NOSYS) {
        throw e;
      }
      Posix.rename(here, aside);
      halfway(here, fresh, aside);
    }
  }

  /** Whoever asks for a home that is missing gets an empty one. */
  private static void halfway(Spot here, Spot fresh, Spot aside) {
    if (exists(here)) {
      Posix.remove(here.directory(), here.name(), true);
    }
    Posix.rename(fresh, here);
    Posix.rename(aside, fresh);
  }

  private static boolean isFresh(Spot here, RestoreNote note) {
    return exists(here)
        && Posix.status(here.directory(), here.name()).inode().number() == note.inode();
  }

  private static boolean exists(Spot spot) {
    try {
      Posix.status(spot.directory(), spot.name());
      return true;
    } catch (PosixFailure e) {
      if (e.number() == PosixFailure.NOENT) {
        return false;
      }
      throw e;
    }
  }

  /** What is true after an interruption: completed where the new home was whole. */
  Outcome settle(RestoreNote note) {
    if (note.inode() == 0) {
      return Outcome.ROLLED_BACK;
    }
    swap(note);
    return Outcome.RESTORED;
  }

  /** Removes what is left over, after the outcome is recorded. */
  void finish(RestoreNote note) {
    probe.accept(Point.RECORDED);
    try (Fd parent = parent()) {
      Spot old = new Spot(parent, name(note.fresh(home)));
      if (exists(old)) {
        if (note.inode() != 0) {
          keepSteps(old);
        }
        TreeRemoval.remove(old);
      }
      Posix.syncDirectory(parent);
    }
    probe.accept(Point.CLEANED);
    RestoreNote.remove(notes);
  }

  /** What commands really did is no matter of the home's content. */
  private void keepSteps(Spot old) {
    HomePath steps = HomePath.parse(HomeArchive.LEFT_OUT);
    Home before = new Home(home.path().resolveSibling(old.name()), home.uid());
    try (Descent from = Descent.to(before, steps, Descent.Last.ITSELF)) {
      from.status();
      try (Descent to = Descent.making(home, steps)) {
        Posix.renameToNew(from.spot(), to.spot());
      }
    } catch (Refusal | PosixFailure e) {
      log.debug("no exit codes of steps are kept: {}", e.getMessage());
    }
  }
}
