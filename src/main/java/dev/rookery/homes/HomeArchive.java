package dev.rookery.homes;

import dev.rookery.homes.TreeWalk.Found;
import dev.rookery.homes.TreeWalk.Next;
import dev.rookery.kernel.Refusal;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileNames;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a home as a gzipped tar that any tar reads. Files, directories and links with their modes
 * and times; a file with several names becomes several files. Left out: pipes, sockets, devices,
 * what the agent itself could not read, and {@value #LEFT_OUT}.
 */
final class HomeArchive {
  /** Exit codes of steps: facts about what happened, which no restore may take back. */
  static final String LEFT_OUT = ".rookery/steps";

  private static final int CHUNK = 1 << 16;

  private final Home home;
  private final TarArchiveOutputStream tar;
  private final long limit;
  private final byte[] chunk = new byte[CHUNK];
  private long bytes;
  private long files;

  private HomeArchive(Home home, TarArchiveOutputStream tar, long limit) {
    this.home = home;
    this.tar = tar;
    this.limit = limit;
  }

  /**
   * Writes all; returns how many entries there are.
   *
   * @param limit of all files together, as they appear; sparse ones count whole
   * @throws Refusal {@code checkpoint-too-large}, {@code checkpoint-incomplete}
   */
  static long write(Home home, OutputStream out, long limit) throws IOException {
    GZIPOutputStream gzip =
        new GZIPOutputStream(out, CHUNK) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        };
    // Names are bytes; in Latin-1 they pass as they are.
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "ISO-8859-1");
        Fd top = Descent.openHome(home)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      HomeArchive archive = new HomeArchive(home, tar, limit);
      TreeWalk walk = new TreeWalk(archive::visit);
      walk.below(top, "");
      if (walk.incomplete()) {
        throw incomplete("some directories are too deep, too full or not readable");
      }
      tar.finish();
      return archive.files;
    }
  }

  private static Refusal incomplete(String why) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "checkpoint-incomplete",
        "No checkpoint was made, as it would not hold everything: " + why + ".");
  }

  private Next visit(Found found) {
    try {
      return switch (found.status().type()) {
        case DIRECTORY -> directory(found);
        case FILE -> file(found);
        case SYMLINK -> link(found);
        case SPECIAL -> Next.ON;
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String latin1(String name) {
    return new String(FileNames.encode(name), StandardCharsets.ISO_8859_1);
  }

  private void put(TarArchiveEntry entry, FileStatus status) throws IOException {
    entry.setModTime(status.modified() * 1000);
    entry.setMode(status.permissions() & 0777);
    tar.putArchiveEntry(entry);
    files++;
  }

  private Next directory(Found found) throws IOException {
    if (found.path().equals(LEFT_OUT)) {
      return Next.PASS;
    }
    put(new TarArchiveEntry(latin1(found.path()) + "/"), found.status());
    tar.closeArchiveEntry();
    return Next.ON;
  }

  private Next link(Found found) throws IOException {
    String target;
    try {
      target = Posix.readLink(found.spot().directory(), found.spot().name());
    } catch (PosixFailure _) {
      return Next.ON; // gone meanwhile
    }
    TarArchiveEntry entry = new TarArchiveEntry(latin1(found.path()), TarConstants.LF_SYMLINK);
    entry.setLinkName(latin1(target));
    put(entry, found.status());
    tar.closeArchiveEntry();
    return Next.ON;
  }

  private Next file(Found found) throws IOException {
    Fd file;
    try {
      file = found.open();
    } catch (PosixFailure e) {
      if (e.number() == PosixFailure.ACCES) {
        throw incomplete("'" + FileNames.shown(found.path()) + "' is not readable");
      }
      return Next.ON; // gone or replaced meanwhile
    }
    try (file) {
      FileStatus status = Posix.status(file);
      if (status.type() == FileStatus.Type.FILE && FileAccess.mayRead(status, home.uid())) {
        content(found.path(), file, status);
      }
    }
    return Next.ON;
  }

  private void content(String path, Fd file, FileStatus status) throws IOException {
    bytes += status.size();
    if (bytes > limit) {
      throw new Refusal(
          Refusal.Kind.TOO_LARGE,
          "checkpoint-too-large",
          "The files of the home are larger than " + limit + " bytes together; no checkpoint.");
    }
    TarArchiveEntry entry = new TarArchiveEntry(latin1(path));
    entry.setSize(status.size());
    put(entry, status);
    long offset = 0;
    while (offset < status.size()) {
      int wanted = (int) Math.min(CHUNK, status.size() - offset);
      int count = Posix.read(file, offset, chunk, 0, wanted);
      if (count < 0) {
        Arrays.fill(chunk, (byte) 0); // it became shorter; the header promised so much
        count = wanted;
      }
      tar.write(chunk, 0, count);
      offset += count;
    }
    tar.closeArchiveEntry();
  }
}
