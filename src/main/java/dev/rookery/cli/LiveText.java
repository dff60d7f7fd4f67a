package dev.rookery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;

/**
 * What a model says, on a terminal, as it comes. Pieces may be lost and a call may begin again;
 * what was sent in the end is what stays.
 */
final class LiveText {
  private static final String ESCAPE = "\u001b[";
  private static final int TAB = 8;

  private final PrintStream out;
  private final Terminal.Size size;
  private final String prefix;
  private final String painted;
  private final StringBuilder shown = new StringBuilder();
  private String speech = "";
  private int attempt;
  private boolean open;
  private boolean partly;

  /**
   * @param size of the terminal; without columns nothing is written over
   * @param prefix before each text, without colour
   * @param painted the same, with colour
   */
  LiveText(PrintStream out, Terminal.Size size, String prefix, String painted) {
    this.out = out;
    this.size = size;
    this.prefix = prefix;
    this.painted = painted;
  }

  /** A piece of text, as the gateway sends it. */
  synchronized void token(JsonNode token) {
    String of = token.path("run").asText() + " " + token.path("step").asText();
    int again = token.path("attempt").asInt(1);
    if (open && of.equals(speech) && again < attempt) {
      return;
    }
    if (open && of.equals(speech) && again > attempt) {
      startOver();
    } else if (open && !of.equals(speech)) {
      close();
    }
    if (!open) {
      out.print(painted);
      open = true;
    }
    speech = of;
    attempt = again;
    String text = Glyphs.harmless(token.path("text").asText());
    shown.append(text);
    out.print(text);
    out.flush();
  }

  /** Whether a text is being written. */
  synchronized boolean open() {
    return open;
  }

  /** Ends the line that is being written, since something else is to be said. */
  synchronized void close() {
    if (open) {
      out.println();
      forget();
    }
  }

  private void forget() {
    open = false;
    partly = false;
    shown.setLength(0);
    out.flush();
  }

  /** The text as it was sent: what was written so far is completed, or written over. */
  synchronized void settle(String text) {
    String whole = Glyphs.harmless(text).strip();
    String written = shown.toString();
    if (!open) {
      out.println(painted + whole);
    } else if (written.strip().equals(whole)) {
      out.println();
      forget();
      return;
    } else if (whole.startsWith(written)) {
      out.println(whole.substring(written.length()));
      forget();
      return;
    } else if (!whole.isEmpty() && written.stripLeading().startsWith(whole)) {
      // One of several parts: the others follow.
      shown.setLength(0);
      shown.append(written.stripLeading().substring(whole.length()).stripLeading());
      partly = true;
      return;
    } else {
      startOver();
      out.println(painted + whole);
    }
    forget();
  }

  /** Takes back what was written, or, where that cannot be, begins on a new line. */
  private void startOver() {
    int rows = rows();
    if (!partly && rows > 0 && rows <= size.rows()) {
      out.print("\r" + (rows > 1 ? ESCAPE + (rows - 1) + "A" : "") + ESCAPE + "J");
    } else {
      out.println();
    }
    shown.setLength(0);
    open = false;
    partly = false;
  }

  /** How many rows of the terminal the text takes; 0 when that is unknown. */
  private int rows() {
    if (size.columns() <= 0) {
      return 0;
    }
    int rows = 1;
    int column = 0;
    for (String glyph : Glyphs.split(prefix + shown)) {
      if (glyph.equals("\n")) {
        rows++;
        column = 0;
        continue;
      }
      int width = glyph.equals("\t") ? TAB - column % TAB : Glyphs.width(glyph);
      if (column + width > size.columns()) {
        rows++;
        column = 0;
      }
      column += width;
    }
    return rows;
  }
}
