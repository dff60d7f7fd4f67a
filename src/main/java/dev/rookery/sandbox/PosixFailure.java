package dev.rookery.sandbox;

/** A call of the operating system that failed. */
final class PosixFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int NOENT = 2;
  static final int ACCES = 13;
  static final int EXIST = 17;
  static final int NOTDIR = 20;
  static final int ISDIR = 21;
  static final int INVAL = 22;
  static final int NOSPC = 28;
  static final int NAMETOOLONG = 36;
  static final int NOSYS = 38;
  static final int NOTEMPTY = 39;
  static final int LOOP = 40;

  private final int number;

  PosixFailure(String what, String name, int number) {
    super(what + " " + FileNames.shown(name) + " failed with errno " + number);
    this.number = number;
  }

  /** The errno of Linux. */
  int number() {
    return number;
  }
}
