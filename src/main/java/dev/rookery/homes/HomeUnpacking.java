package dev.rookery.homes;

import dev.rookery.posix.Fd;
import dev.rookery.posix.FileNames;
import dev.rookery.posix.Posix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** Makes the files of an archive in an empty directory that nobody else knows yet. */
final class HomeUnpacking {
  private static final int CHUNK = 1 << 16;

  private final Fd top;
  private final @Nullable Integer uid;
  private final List<Late> late = new ArrayList<>();

  /** What a directory may do once everything is in it. */
  private record Late(List<String> path, int permissions) {}

  private HomeUnpacking(Fd top, @Nullable Integer uid) {
    this.top = top;
    this.uid = uid;
  }

  static void unpack(InputStream in, Fd top, @Nullable Integer uid) throws IOException {
    HomeUnpacking unpacking = new HomeUnpacking(top, uid);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(in, CHUNK), "ISO-8859-1")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpacking.make(entry, tar);
      }
    }
    for (Late directory : unpacking.late.reversed()) {
      try (Fd parent = unpacking.open(directory.path());
          Fd readable = Posix.open(parent, ".", Posix.DIRECTORY, 0)) {
        Posix.permit(readable, directory.permissions());
      }
    }
    try (Fd readable = Posix.open(top, ".", Posix.DIRECTORY, 0)) {
      Posix.syncFileSystem(readable);
    }
  }

  private static String name(String latin1) {
    return FileNames.decode(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static List<String> parts(String path) throws IOException {
    List<String> parts =
        List.of((path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1));
    if (parts.stream().anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))) {
      throw new IOException("the archive holds a path that no home has");
    }
    return parts;
  }

  private void make(TarArchiveEntry entry, InputStream content) throws IOException {
    List<String> path = parts(name(entry.getName()));
    String name = path.getLast();
    List<String> above = path.subList(0, path.size() - 1);
    try (Fd parent = open(above)) {
      if (entry.isDirectory()) {
        Posix.makeDirectory(parent, name, 0700);
        own(parent, name);
        if ((entry.getMode() & 0777) != 0700) {
          late.add(new Late(path, entry.getMode() & 0777));
        }
        return;
      }
      if (entry.isSymbolicLink()) {
        Posix.symlink(name(entry.getLinkName()), parent, name);
        own(parent, name);
      } else {
        file(parent, name, entry, content);
      }
      Posix.modified(
          new Posix.Spot(parent, name), entry.getLastModifiedTime().toInstant().getEpochSecond());
    }
  }

  private void file(Fd parent, String name, TarArchiveEntry entry, InputStream content)
      throws IOException {
    int flags = Posix.WRITE_ONLY | Posix.CREATE | Posix.EXCLUSIVE | Posix.NO_FOLLOW;
    try (Fd file = Posix.open(parent, name, flags, 0600)) {
      byte[] chunk = new byte[CHUNK];
      for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
        Posix.write(file, chunk, 0, n);
      }
      Integer owner = uid;
      if (owner != null) {
        Posix.own(file, owner);
      }
      Posix.permit(file, entry.getMode() & 0777);
    }
  }

  private void own(Fd parent, String name) {
    Integer owner = uid;
    if (owner != null) {
      Posix.own(parent, name, owner);
    }
  }

  private Fd open(List<String> path) {
    Fd at = Posix.openDirectory(top, ".");
    for (String name : path) {
      try (Fd above = at) {
        at = Posix.openDirectory(above, name);
      }
    }
    return at;
  }
}
