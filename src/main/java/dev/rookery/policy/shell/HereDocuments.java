package dev.rookery.policy.shell;

import dev.rookery.policy.shell.Findings.Draft;
import java.util.ArrayList;
import java.util.List;

/** Texts that stand in the lines after their command (POSIX 2.7.4). */
final class HereDocuments {
  private final Findings findings;
  private final Chars in;
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(Draft draft, String delimiter, boolean quoted, boolean stripsTabs) {}

  HereDocuments(Findings findings, Chars in) {
    this.findings = findings;
    this.in = in;
  }

  /** Its text begins after the line. */
  void announce(Draft draft, Words.Token delimiter, boolean stripsTabs) {
    Word word = delimiter.word();
    if (!word.isLiteral() || word.written().isEmpty()) {
      throw new Unreadable("the end of a here-document is not plain");
    }
    boolean quoted = word.written().chars().anyMatch(c -> c == '\'' || c == '"' || c == '\\');
    findings.pendingDocuments++;
    pending.add(new Pending(draft, word.shape(), quoted, stripsTabs));
  }

  /** Reads what was announced, at the beginning of a line. */
  void read() {
    List<Pending> now = List.copyOf(pending);
    pending.clear();
    findings.pendingDocuments -= now.size();
    now.forEach(this::read);
  }

  private void read(Pending document) {
    StringBuilder body = new StringBuilder();
    while (true) {
      int mark = in.mark();
      String line = in.line();
      if (document.stripsTabs()) {
        line = line.replaceFirst("^\t+", "");
      }
      if (line.equals(document.delimiter())) {
        break;
      }
      if (in.mark() == mark) {
        throw new Unreadable("a here-document has no end");
      }
      if (!document.quoted() && line.endsWith("\\")) {
        throw new Unreadable("a here-document joins lines");
      }
      body.append(line).append('\n');
    }
    String text = body.toString();
    boolean expands =
        !document.quoted() && text.chars().anyMatch(c -> c == '$' || c == '`' || c == '\\');
    if (expands) {
      Parser.text(findings, text);
    }
    Word word = expands ? Word.unknown("…") : new Word(text, false, "…");
    document.draft().redirects.add(new Redirect(Redirect.Kind.TEXT, word));
  }
}
