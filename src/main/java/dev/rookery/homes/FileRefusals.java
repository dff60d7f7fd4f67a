package dev.rookery.homes;

import dev.rookery.kernel.Refusal;
import dev.rookery.posix.FileNames;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.PosixFailure;

/** What went wrong on the way, in words that help. */
final class FileRefusals {
  private FileRefusals() {}

  static Refusal notFound(HomePath path) {
    return new Refusal(
        Refusal.Kind.NOT_FOUND,
        "file-not-found",
        "There is no file or directory '"
            + FileNames.shown(path.toString())
            + "' in the home. List the directory to see what is there.");
  }

  static Refusal notADirectory(HomePath path) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "not-a-directory",
        "'" + FileNames.shown(path.toString()) + "' is not a directory.");
  }

  static Refusal exists(HomePath path) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "file-exists",
        "There is something at '" + FileNames.shown(path.toString()) + "' already.");
  }

  static Refusal refusal(PosixFailure e, HomePath path) {
    return switch (e.number()) {
      case PosixFailure.NOENT -> notFound(path);
      case PosixFailure.NOTDIR -> notADirectory(path);
      case PosixFailure.EXIST -> exists(path);
      case PosixFailure.LOOP ->
          new Refusal(
              Refusal.Kind.CONFLICT,
              "file-changed",
              "'" + path + "' was replaced while it was opened; try again.");
      case PosixFailure.NOTEMPTY ->
          new Refusal(
              Refusal.Kind.CONFLICT,
              "directory-not-empty",
              "The directory '" + path + "' is not empty; say recursive to delete what is in it.");
      case PosixFailure.NAMETOOLONG, PosixFailure.INVAL ->
          Refusal.badInput("bad-path", "The path '%s' cannot be used here.", path);
      default ->
          new Refusal(
              Refusal.Kind.UNAVAILABLE,
              "file-unavailable",
              "'" + path + "' cannot be used: " + e.getMessage() + ".");
    };
  }

  static Refusal notAFile(HomePath path, FileStatus status) {
    String shown = FileNames.shown(path.toString());
    return switch (status.type()) {
      case DIRECTORY ->
          new Refusal(
              Refusal.Kind.CONFLICT, "is-a-directory", "'" + shown + "' is a directory, no file.");
      case FILE, SYMLINK, SPECIAL ->
          new Refusal(
              Refusal.Kind.CONFLICT,
              "not-a-file",
              "'" + shown + "' is no regular file (a pipe, socket, device or link); leave it.");
    };
  }

  static Refusal foreign(HomePath path) {
    return new Refusal(
        Refusal.Kind.FORBIDDEN,
        "foreign-file",
        "'" + FileNames.shown(path.toString()) + "' belongs to another user.");
  }

  static Refusal changed(HomePath path) {
    return new Refusal(
        Refusal.Kind.CONFLICT,
        "file-changed",
        "'"
            + FileNames.shown(path.toString())
            + "' is not what it was when it was read; read it again.");
  }
}
