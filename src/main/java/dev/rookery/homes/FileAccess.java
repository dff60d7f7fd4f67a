package dev.rookery.homes;

import dev.rookery.kernel.Digest;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Opens and replaces single files at the end of a {@link Descent}. */
final class FileAccess {
  private static final int CHUNK = 1 << 16;
  private static final int OTHERS_READ = 04;

  private FileAccess() {}

  /**
   * A regular file, for reading. Never waits for the other end of a pipe.
   *
   * @throws Refusal {@code not-a-file}, {@code foreign-file}
   */
  static Fd openFile(Descent way, @Nullable Integer uid) {
    refuseUnlessFile(way.status(), way);
    Fd file;
    try {
      file =
          Posix.open(
              way.directory(), way.name(), Posix.NON_BLOCKING | Posix.NO_FOLLOW | Posix.NO_TTY, 0);
    } catch (PosixFailure e) {
      throw FileRefusals.refusal(e, way.real());
    }
    try {
      FileStatus status = Posix.status(file);
      refuseUnlessFile(status, way);
      if (!mayRead(status, uid)) {
        throw FileRefusals.foreign(way.real());
      }
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** A name in the home may be a hard link to what the agent itself could not read. */
  static boolean mayRead(FileStatus status, @Nullable Integer uid) {
    return uid == null || status.uid() == uid || (status.permissions() & OTHERS_READ) != 0;
  }

  private static void refuseUnlessFile(FileStatus status, Descent way) {
    if (status.type() != FileStatus.Type.FILE) {
      throw FileRefusals.notAFile(way.real(), status);
    }
  }

  static String sha256(Fd file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[CHUNK];
      long offset = 0;
      for (int n = Posix.read(file, 0, chunk, 0, CHUNK); n > 0; ) {
        digest.update(chunk, 0, n);
        offset += n;
        n = Posix.read(file, offset, chunk, 0, CHUNK);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Puts the bytes there at once: a draft beside the file, on the disk before it takes its name.
   *
   * @throws Refusal {@code not-a-file}, {@code foreign-file}, {@code file-exists}, {@code
   *     file-changed}, {@code home-quota-exceeded}
   */
  static String replace(Descent way, byte[] bytes, Expected expected, Home home, HomeUsage usage) {
    FileStatus before = way.isOpen() ? way.status() : way.statusOrNull();
    if (before != null) {
      refuseUnlessFile(before, way);
      refuseForeign(before, way, home.uid());
    }
    check(expected, before, way, home);
    long growth = bytes.length - (before == null ? 0 : before.allocated());
    usage.add(growth);
    try {
      write(way, bytes, expected, new Draft(home.uid(), before));
    } catch (RuntimeException e) {
      usage.forget();
      throw e;
    }
    return Digest.sha256(bytes);
  }

  private static void refuseForeign(FileStatus status, Descent way, @Nullable Integer uid) {
    int owner = uid == null ? way.homeOwner() : uid;
    if (status.uid() != owner) {
      throw FileRefusals.foreign(way.real());
    }
  }

  private static void check(
      Expected expected, @Nullable FileStatus before, Descent way, Home home) {
    switch (expected) {
      case Expected.Anything() -> {}
      case Expected.Nothing() -> {
        if (before != null) {
          throw FileRefusals.exists(way.real());
        }
      }
      case Expected.Content(var sha256) -> {
        if (before == null) {
          throw FileRefusals.changed(way.real());
        }
        try (Fd file = openFile(way, home.uid())) {
          if (!sha256(file).equals(sha256)) {
            throw FileRefusals.changed(way.real());
          }
        }
      }
    }
  }

  /** Whose the new file is, and what it replaces. */
  private record Draft(@Nullable Integer uid, @Nullable FileStatus before) {
    /** Only its owner gets at it; what could be run stays so. */
    int permissions() {
      return before == null ? 0600 : before.permissions() & 0700;
    }
  }

  private static void write(Descent way, byte[] bytes, Expected expected, Draft draft) {
    Posix.Spot spot = new Posix.Spot(way.directory(), "." + Ids.next("rookery") + ".tmp");
    int flags = Posix.WRITE_ONLY | Posix.CREATE | Posix.EXCLUSIVE | Posix.NO_FOLLOW;
    try {
      try (Fd file = Posix.open(spot.directory(), spot.name(), flags, 0600)) {
        Posix.write(file, bytes, 0, bytes.length);
        Integer uid = draft.uid();
        if (uid != null) {
          Posix.own(file, uid);
        }
        Posix.permit(file, draft.permissions());
        Posix.sync(file);
      }
      if (expected instanceof Expected.Nothing) {
        Posix.renameToNew(spot, way.spot());
      } else {
        Posix.rename(spot, way.spot());
      }
      Posix.syncDirectory(way.directory());
    } catch (PosixFailure e) {
      discard(spot);
      throw FileRefusals.refusal(e, way.real());
    }
  }

  private static void discard(Posix.Spot draft) {
    try {
      Posix.remove(draft.directory(), draft.name(), false);
    } catch (PosixFailure e) {
      if (e.number() != PosixFailure.NOENT) {
        throw e;
      }
    }
  }
}
