package dev.rookery.models;

import dev.rookery.kernel.Text;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes streamed text on for display: never half a character, and nothing more to a reader that
 * failed once. A reader that is gone never breaks an answer.
 */
final class DeltaStream implements Consumer<String> {
  private static final Logger LOG = LoggerFactory.getLogger(DeltaStream.class);

  private final Consumer<String> reader;
  private String held = "";
  private boolean failed;

  DeltaStream(Consumer<String> reader) {
    this.reader = reader;
  }

  @Override
  public void accept(String piece) {
    String text = held + piece;
    boolean half = !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
    int end = half ? text.length() - 1 : text.length();
    held = text.substring(end);
    if (end > 0 && !failed) {
      pass(Text.clean(text.substring(0, end)));
    }
  }

  private void pass(String text) {
    try {
      reader.accept(text);
    } catch (RuntimeException e) {
      failed = true;
      LOG.atWarn()
          .addKeyValue("cause", e.getClass().getName())
          .log("a reader of streamed text failed; it gets no more of this answer");
    }
  }
}
