package dev.rookery.homes;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.rookery.homes.LineReader.Line;
import dev.rookery.homes.TreeWalk.Found;
import dev.rookery.homes.TreeWalk.Next;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileNames;
import dev.rookery.posix.FileStatus;
import dev.rookery.posix.Posix;
import dev.rookery.posix.PosixFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for lines in the files of a tree. */
final class ContentSearch {
  /** Of a line, in bytes: what is matched. */
  private static final int MAX_LINE = 1 << 16;

  /** Of a line, in UTF-16 units: what is shown. */
  private static final int MAX_SHOWN = 500;

  /** All lines together, in UTF-16 units. */
  private static final int MAX_OUTPUT = 50_000;

  private static final int MAX_PATTERN = 1_000;

  private final Home home;
  private final Search.Content query;
  private final Pattern pattern;
  private final @Nullable Glob include;
  private final SearchLimits limits;
  private final String base;
  private final List<String> lines = new ArrayList<>();
  private int length;
  private int matches;
  private boolean cut;

  private ContentSearch(Home home, Search.Content query, String base) {
    this.home = home;
    this.query = query;
    this.pattern = compile(query);
    String files = query.include();
    this.include = files == null ? null : Glob.ofNames(files);
    this.limits = new SearchLimits(query.bounds());
    this.base = base;
  }

  private static Pattern compile(Search.Content query) {
    try {
      if (query.regex().length() <= MAX_PATTERN) {
        return Pattern.compile(query.regex(), query.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0);
      }
      throw bad(query, "it is longer than " + MAX_PATTERN + " characters");
    } catch (PatternSyntaxException e) {
      throw bad(query, e.getDescription());
    }
  }

  private static Refusal bad(Search.Content query, String why) {
    return Refusal.badInput(
        "bad-regex",
        "The regular expression '%s' cannot be used: %s. The syntax is that of RE2: no"
            + " back-references, no look-around.",
        Text.clean(Text.brief(query.regex(), 100)),
        why);
  }

  static Search.Result run(Home home, Search.Content query) {
    HomePath start = HomePath.parse(query.below());
    ContentSearch search = new ContentSearch(home, query, start.isHome() ? "" : start + "/");
    TreeWalk walk = new TreeWalk(search::visit);
    try (Descent way = Descent.to(home, start, Descent.Last.FOLLOWED)) {
      if (way.status().isDirectory()) {
        try (Fd directory = Trees.open(way)) {
          walk.below(directory, search.base);
        }
      } else {
        search.file(FileAccess.openFile(way, home.uid()), start.toString());
      }
    }
    List<String> notes = new ArrayList<>(search.limits.notes(walk));
    if (search.cut) {
      notes.add("Long lines are cut.");
    }
    return new Search.Result(search.lines, search.matches, notes);
  }

  private boolean over() {
    return limits.over(length >= MAX_OUTPUT ? Integer.MAX_VALUE : matches);
  }

  private Next visit(Found found) {
    if (over()) {
      return Next.STOP;
    }
    if (found.status().type() == FileStatus.Type.FILE
        && (include == null || include.matches(found.path().substring(base.length())))) {
      open(found);
    }
    return limits.passes(found) ? Next.PASS : Next.ON;
  }

  private void open(Found found) {
    Fd file;
    try {
      file = found.open();
    } catch (PosixFailure _) {
      return; // gone, replaced, or not ours to read
    }
    FileStatus opened = Posix.status(file);
    if (opened.type() == FileStatus.Type.FILE && FileAccess.mayRead(opened, home.uid())) {
      file(file, found.path());
    } else {
      file.close();
    }
  }

  private void file(Fd file, String path) {
    try (LineReader in = new LineReader(new HomeInput(file, 0), MAX_LINE)) {
      if (!in.looksBinary()) {
        new InFile(FileNames.shown(path)).search(in);
      }
    }
  }

  private void add(String line) {
    lines.add(line);
    length += line.length();
  }

  /** The search in one file. */
  private final class InFile {
    private final String path;
    private final Deque<String> before = new ArrayDeque<>();
    private long number;
    private long lastShown;
    private int after;

    private InFile(String path) {
      this.path = path;
    }

    private void search(LineReader in) {
      for (Line line = in.next(); line != null; line = in.next()) {
        number++;
        if (number % 1024 == 1 && over()) {
          return;
        }
        see(line);
        if (after == 0 && matches >= query.bounds().limit()) {
          return;
        }
      }
    }

    private void see(Line line) {
      boolean wanted = matches < query.bounds().limit();
      if (wanted && pattern.matcher(line.text()).find()) {
        matches++;
        if (query.context() > 0 && lastShown > 0 && number - before.size() > lastShown + 1) {
          add("--");
        }
        before.forEach(ContentSearch.this::add);
        before.clear();
        add(shown(':', line));
        lastShown = number;
        after = query.context();
      } else if (after > 0) {
        after--;
        add(shown('-', line));
        lastShown = number;
      } else if (query.context() > 0) {
        before.addLast(shown('-', line));
        if (before.size() > query.context()) {
          before.removeFirst();
        }
      }
    }

    private String shown(char separator, Line line) {
      cut |= line.cut() || line.text().length() > MAX_SHOWN;
      return path + separator + number + separator + Text.brief(Text.clean(line.text()), MAX_SHOWN);
    }
  }
}
