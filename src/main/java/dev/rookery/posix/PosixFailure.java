package dev.rookery.posix;

/** A call of the operating system that failed. */
public final class PosixFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public static final int NOENT = 2;
  public static final int ACCES = 13;
  public static final int EXIST = 17;
  public static final int NOTDIR = 20;
  static final int ISDIR = 21;
  public static final int INVAL = 22;
  static final int NOSPC = 28;
  public static final int NAMETOOLONG = 36;
  public static final int NOSYS = 38;
  public static final int NOTEMPTY = 39;
  public static final int LOOP = 40;

  private final int number;

  PosixFailure(String what, String name, int number) {
    super(what + " " + FileNames.shown(name) + " failed with errno " + number);
    this.number = number;
  }

  /** The errno of Linux. */
  public int number() {
    return number;
  }
}
