package dev.rookery.homes;

import dev.rookery.homes.TreeWalk.Found;
import dev.rookery.homes.TreeWalk.Next;
import dev.rookery.posix.Fd;
import dev.rookery.posix.FileNames;
import java.util.ArrayList;
import java.util.List;

/** Looks for files by name. */
final class NameSearch {
  private final Glob glob;
  private final SearchLimits limits;
  private final String base;
  private final List<String> found = new ArrayList<>();

  private NameSearch(Glob glob, SearchLimits limits, String base) {
    this.glob = glob;
    this.limits = limits;
    this.base = base;
  }

  /** A pattern and where it holds. */
  private record Rooted(Glob glob, HomePath base) {
    HomePath start() {
      return glob.start().isEmpty() ? base : HomePath.parse(base + "/" + glob.start());
    }
  }

  private static Rooted rooted(Search.Names query) {
    String pattern = query.pattern();
    boolean absolute = pattern.startsWith("/") || pattern.startsWith("~/");
    return absolute
        ? new Rooted(Glob.of(relative(pattern)), new HomePath(List.of()))
        : new Rooted(Glob.of(pattern), HomePath.parse(query.below()));
  }

  static HomePath start(Search.Names query) {
    return rooted(query).start();
  }

  static Search.Result run(Home home, Search.Names query) {
    Rooted rooted = rooted(query);
    HomePath start = rooted.start();
    HomePath base = rooted.base();
    SearchLimits limits = new SearchLimits(query.bounds());
    NameSearch search = new NameSearch(rooted.glob(), limits, base.isHome() ? "" : base + "/");
    TreeWalk walk = new TreeWalk(search::visit);
    try (Fd directory = Trees.open(home, start)) {
      walk.below(directory, start.isHome() ? "" : start + "/");
    }
    return new Search.Result(search.found, search.found.size(), limits.notes(walk));
  }

  private static String relative(String pattern) {
    String start = Glob.of(pattern).start();
    HomePath directory = HomePath.parse(start);
    String rest = pattern.substring(start.length());
    return directory.isHome() ? rest : directory + "/" + rest;
  }

  private Next visit(Found found) {
    if (limits.over(this.found.size())) {
      return Next.STOP;
    }
    String path = found.path();
    if (!found.status().isDirectory() && glob.matches(path.substring(base.length()))) {
      this.found.add(FileNames.shown(path));
    }
    return limits.passes(found) ? Next.PASS : Next.ON;
  }
}
