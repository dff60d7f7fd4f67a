package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileNames;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of one agent, as the server reaches them while processes of the sandbox may change
 * anything at any moment. Paths are as {@link HomePath#parse} takes them; symbolic links are
 * followed within the home only. Pipes, sockets and devices are never opened.
 *
 * <p>Besides what is named, every method refuses with {@code bad-path}, {@code path-outside-home},
 * {@code file-not-found}, {@code not-a-directory}, {@code too-many-links} and {@code home-missing}.
 */
public final class HomeFiles {
  private final Home home;
  private final HomeUsage usage;

  /** Everybody holds it shared, but who replaces the whole home. */
  private final ReentrantReadWriteLock whole = new ReentrantReadWriteLock();

  HomeFiles(Home home, long quota) {
    this.home = home;
    this.usage = new HomeUsage(home, quota);
  }

  /**
   * A part of a file.
   *
   * @param size of the whole file in bytes
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Slice(byte[] bytes, long offset, long size) {
    /** Whether the file goes on. */
    public boolean more() {
      return offset + bytes.length < size;
    }
  }

  /**
   * The entries of a directory, by name.
   *
   * @param more whether there are others
   */
  public record Listing(List<FileInfo> entries, boolean more) {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /** How full the home is, in bytes on the disk, seconds ago at most. */
  public record Usage(long used, long quota) {}

  /**
   * Up to {@code length} bytes from the offset.
   *
   * @throws Refusal {@code is-a-directory}, {@code not-a-file}, {@code foreign-file}
   */
  public Slice read(String path, long offset, int length) {
    return shared(
        () -> {
          try (Fd file = open(path)) {
            long size = Posix.status(file).size();
            byte[] bytes = new byte[Math.clamp(size - offset, 0, length)];
            int filled = 0;
            int count = 0;
            while (filled < bytes.length && count >= 0) {
              count = Posix.read(file, offset + filled, bytes, filled, bytes.length - filled);
              filled += Math.max(count, 0);
            }
            return new Slice(
                filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled), offset, size);
          }
        });
  }

  /** The whole file as a stream; close it. Refusals as {@link #read}. */
  public InputStream stream(String path) {
    return shared(() -> new HomeInput(open(path), 0));
  }

  /**
   * Lines of a text file, cut to what is sensible to show. Refusals as {@link #read}.
   *
   * @param first number of the first line, from 1
   */
  public LinePage lines(String path, long first, int count) {
    return shared(
        () -> {
          Fd file = open(path);
          try (LineReader in = new LineReader(new HomeInput(file, 0), LinePage.MAX_LINE)) {
            return LinePage.read(in, first, count, Posix.status(file).size());
          }
        });
  }

  /** Hash of a file, in lower-case hex. Refusals as {@link #read}. */
  public String sha256(String path) {
    return shared(
        () -> {
          try (Fd file = open(path)) {
            return FileAccess.sha256(file);
          }
        });
  }

  private Fd open(String path) {
    try (Descent way = Descent.to(home, HomePath.parse(path), Descent.Last.FOLLOWED)) {
      return FileAccess.openFile(way, home.uid());
    }
  }

  /**
   * Writes a file, at once or not at all, and durably; directories on the way are made. A file that
   * is made is its owner's alone; one that is replaced keeps what the owner may do with it.
   *
   * @return hash of the new content
   * @throws Refusal {@code file-exists} and {@code file-changed} where the file is not as expected,
   *     {@code is-a-directory}, {@code not-a-file}, {@code foreign-file}, {@code
   *     home-quota-exceeded}
   */
  public String write(String path, byte[] bytes, Expected expected) {
    return shared(
        () -> {
          try (Descent way = Descent.making(home, HomePath.parse(path))) {
            return FileAccess.replace(way, bytes, expected, home, usage);
          }
        });
  }

  /** What is there; of a link, the link itself. */
  public FileInfo stat(String path) {
    return shared(
        () -> {
          try (Descent way = Descent.to(home, HomePath.parse(path), Descent.Last.ITSELF)) {
            return info(way.spot(), way.real().toString(), way.status());
          }
        });
  }

  /** Whether there is something, were it a link to nothing. */
  public boolean exists(String path) {
    try {
      stat(path);
      return true;
    } catch (Refusal e) {
      if (e.code().equals("file-not-found")) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Where the path really leads after all links, below the home and normalised; the file itself,
   * and directories on the way, need not exist.
   */
  public String real(String path) {
    HomePath asked = HomePath.parse(path);
    return shared(() -> real(asked));
  }

  private String real(HomePath asked) {
    for (int known = asked.parts().size(); known > 0; known--) {
      HomePath begin = new HomePath(asked.parts().subList(0, known));
      try (Descent way = Descent.to(home, begin, Descent.Last.FOLLOWED)) {
        HomePath real = way.real();
        for (String name : asked.parts().subList(known, asked.parts().size())) {
          real = real.child(name);
        }
        return real.toString();
      } catch (Refusal e) {
        if (!e.code().equals("file-not-found") && !e.code().equals("not-a-directory")) {
          throw e;
        }
      }
    }
    return ".";
  }

  /** What is in a directory, by name, up to the limit. */
  public Listing list(String path, int limit) {
    HomePath asked = HomePath.parse(path);
    return shared(
        () -> {
          List<FileInfo> entries = new ArrayList<>();
          boolean[] more = {false};
          TreeWalk walk =
              new TreeWalk(
                  found -> {
                    if (entries.size() >= limit) {
                      more[0] = true;
                      return TreeWalk.Next.STOP;
                    }
                    entries.add(info(found.spot(), found.path(), found.status()));
                    return TreeWalk.Next.PASS;
                  });
          try (Fd directory = Trees.open(home, asked)) {
            walk.below(directory, asked.isHome() ? "" : asked + "/");
          }
          return new Listing(entries, more[0] || walk.incomplete());
        });
  }

  private static FileInfo info(Posix.Spot spot, String path, FileStatus status) {
    String kind =
        switch (status.type()) {
          case FILE -> "file";
          case DIRECTORY -> "directory";
          case SYMLINK -> "symlink";
          case SPECIAL -> "special";
        };
    return new FileInfo(
        FileNames.shown(path),
        kind,
        status.size(),
        status.permissions() & 0777,
        Instant.ofEpochSecond(status.modified()),
        status.type() == FileStatus.Type.SYMLINK ? target(spot) : null);
  }

  private static @Nullable String target(Posix.Spot spot) {
    try {
      return FileNames.shown(Posix.readLink(spot.directory(), spot.name()));
    } catch (PosixFailure _) {
      return null; // no link any more
    }
  }

  /**
   * Makes a directory with those above it; false where it was there already.
   *
   * @throws Refusal {@code file-exists} where something else is
   */
  public boolean makeDirectory(String path) {
    HomePath asked = HomePath.parse(path);
    return shared(
        () -> {
          try (Descent way = Descent.to(home, asked, Descent.Last.FOLLOWED)) {
            FileStatus status = way.isOpen() ? way.status() : way.statusOrNull();
            if (status != null && status.isDirectory()) {
              return false;
            }
            if (status != null) {
              throw FileRefusals.exists(way.real());
            }
          } catch (Refusal e) {
            if (!e.code().equals("file-not-found")) {
              throw e;
            }
          }
          Descent.making(home, asked.child(".")).close();
          return true;
        });
  }

  /**
   * Gives a file, link or directory another name. Directories on the way are made; nothing is
   * overwritten.
   *
   * @throws Refusal {@code file-exists}
   */
  public void move(String from, String to) {
    changing(
        from,
        () -> {
          HomePath target = HomePath.parse(to);
          try (Descent source = Descent.to(home, HomePath.parse(from), Descent.Last.ITSELF);
              Descent way = Descent.making(home, target)) {
            source.status();
            refuseHome(source);
            if (way.isOpen()) {
              throw FileRefusals.exists(way.real());
            }
            Posix.renameToNew(source.spot(), way.spot());
            Posix.syncDirectory(way.directory());
            Posix.syncDirectory(source.directory());
          }
        });
  }

  /**
   * Deletes a file, a link (not what it points to) or a directory.
   *
   * @throws Refusal {@code directory-not-empty} unless recursive
   */
  public void delete(String path, boolean recursive) {
    changing(
        path,
        () -> {
          try (Descent way = Descent.to(home, HomePath.parse(path), Descent.Last.ITSELF)) {
            boolean directory = way.status().isDirectory();
            refuseHome(way);
            if (directory && recursive) {
              TreeRemoval.remove(way.spot());
            } else {
              Posix.remove(way.directory(), way.name(), directory);
            }
            Posix.syncDirectory(way.directory());
          }
        });
  }

  private static void refuseHome(Descent way) {
    if (way.isOpen()) {
      throw Refusal.badInput(
          "bad-path", "This cannot be done with the directory '%s' itself.", way.real());
    }
  }

  private void changing(String path, Runnable work) {
    shared(
        () -> {
          try {
            work.run();
            return true;
          } catch (PosixFailure e) {
            throw FileRefusals.refusal(e, HomePath.parse(path));
          } finally {
            usage.forget();
          }
        });
  }

  /**
   * Files by name.
   *
   * @throws Refusal {@code bad-glob}
   */
  public Search.Result glob(Search.Names query) {
    return shared(() -> NameSearch.run(home, query));
  }

  /**
   * Lines by content, of text files.
   *
   * @throws Refusal {@code bad-regex}, {@code bad-glob}
   */
  public Search.Result grep(Search.Content query) {
    return shared(() -> ContentSearch.run(home, query));
  }

  public Usage usage() {
    return shared(() -> new Usage(usage.used(), usage.quota()));
  }

  Home home() {
    return home;
  }

  private <T> T shared(Supplier<T> work) {
    return held(whole.readLock(), work);
  }

  /** Does the work while nobody else of this server is in the home. */
  <T> T alone(Supplier<T> work) {
    try {
      return held(whole.writeLock(), work);
    } finally {
      usage.forget();
    }
  }

  private static <T> T held(Lock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
