package dev.rookery.posix;

/**
 * What the kernel says of one file.
 *
 * @param permissions the lower twelve bits of its mode
 * @param size in bytes, as it appears
 * @param allocated bytes it takes on the disk; less than the size where it is sparse
 * @param inode number, together with the device
 * @param modified epoch seconds
 */
public record FileStatus(
    Type type,
    int permissions,
    int uid,
    int links,
    long size,
    long allocated,
    Node inode,
    long modified) {

  /** What makes a file the same file under two names. */
  public record Node(int device, long number) {}

  /** Kinds of files. */
  public enum Type {
    FILE,
    DIRECTORY,
    SYMLINK,
    /** Pipes, sockets and devices: nothing that is opened. */
    SPECIAL;

    static Type of(int mode) {
      return switch (mode & 0170000) {
        case 0100000 -> FILE;
        case 0040000 -> DIRECTORY;
        case 0120000 -> SYMLINK;
        default -> SPECIAL;
      };
    }
  }

  public boolean isDirectory() {
    return type == Type.DIRECTORY;
  }
}
