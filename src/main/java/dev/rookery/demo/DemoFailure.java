package dev.rookery.demo;

/** The demonstration cannot go on: something did not start, answer or happen in time. */
final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  DemoFailure(String sentence) {
    super(sentence, null, false, false);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
