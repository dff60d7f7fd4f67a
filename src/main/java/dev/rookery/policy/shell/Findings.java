package dev.rookery.policy.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the reading of one script found so far. */
final class Findings {
  private static final int MAX_COMMANDS = 2_000;
  private static final int MAX_DEPTH = 40;
  private static final int MAX_DOUBTS = 20;

  final List<Draft> drafts = new ArrayList<>();
  final List<String> doubts = new ArrayList<>();

  /** Here-documents whose text is still to come. */
  int pendingDocuments;

  private final int base;
  private int depth;

  /**
   * @param base how deep this script is inside others
   */
  Findings(int base) {
    this.base = base;
    this.depth = base;
    if (base > MAX_DEPTH) {
      throw new Unreadable("it is nested too deeply");
    }
  }

  /** A command that is being read; its here-documents are filled in later. */
  static final class Draft {
    final List<Assignment> assignments = new ArrayList<>();
    final List<Word> argv = new ArrayList<>();
    final List<Redirect> redirects = new ArrayList<>();

    boolean isEmpty() {
      return assignments.isEmpty() && argv.isEmpty() && redirects.isEmpty();
    }

    /** The text that is given as its input, if there is one and it is known. */
    @Nullable String input() {
      String text = null;
      for (Redirect redirect : redirects) {
        switch (redirect.kind()) {
          case READ -> text = null;
          case TEXT -> text = redirect.target().isLiteral() ? redirect.target().shape() : null;
          case WRITE -> {}
        }
      }
      return text;
    }
  }

  void add(Draft draft) {
    if (drafts.size() >= MAX_COMMANDS) {
      throw new Unreadable("it has more than " + MAX_COMMANDS + " commands");
    }
    drafts.add(draft);
  }

  void doubt(String why) {
    if (doubts.size() < MAX_DOUBTS && !doubts.contains(why)) {
      doubts.add(why);
    }
  }

  void assigns(String name) {
    Draft draft = new Draft();
    draft.assignments.add(new Assignment(name, Word.unknown("…")));
    add(draft);
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new Unreadable("it is nested too deeply");
    }
  }

  void leave() {
    depth--;
  }

  int depth() {
    return depth;
  }

  int base() {
    return base;
  }
}
