package dev.rookery.secrets;

/** A secret in the clear, lent for one request. It shows itself only when it is asked to. */
public final class SecretValue {
  private final String name;
  private final String value;

  SecretValue(String name, String value) {
    this.name = name;
    this.value = value;
  }

  public String name() {
    return name;
  }

  /** The value itself, for the wire and nowhere else. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[secret:" + name + "]";
  }
}
