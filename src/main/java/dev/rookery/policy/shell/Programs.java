package dev.rookery.policy.shell;

import dev.rookery.policy.shell.SimpleCommand.Carried;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Programs that may run code which this package does not read. */
final class Programs {
  /** Without the numbers of versions behind them. */
  private static final Set<String> INTERPRETERS =
      Set.of(
          "python",
          "perl",
          "ruby",
          "node",
          "nodejs",
          "php",
          "lua",
          "luajit",
          "tclsh",
          "wish",
          "pypy",
          "ipython",
          "guile",
          "ghci",
          "irb",
          "raku",
          "deno",
          "bun",
          "awk",
          "gawk",
          "mawk",
          "nawk",
          "Rscript",
          "R",
          "osascript",
          "jshell",
          "groovy",
          "scala",
          "julia",
          "expect",
          "gdb",
          "lldb",
          "vi",
          "vim",
          "nvim",
          "view",
          "ex",
          "ed",
          "emacs",
          "nano",
          "rlwrap");

  private static final Set<String> CARRIERS =
      Set.of(
          "su",
          "runuser",
          "at",
          "batch",
          "crontab",
          "screen",
          "tmux",
          "ssh",
          "script",
          "flock",
          "strace",
          "ltrace",
          "nsenter",
          "unshare",
          "chroot",
          "systemd-run",
          "parallel",
          "entr",
          "setpriv",
          "capsh",
          "bwrap",
          "firejail",
          "prlimit",
          "taskset",
          "chrt",
          "numactl",
          "socat",
          "nc",
          "ncat",
          "pkexec",
          "start-stop-daemon",
          "dbus-run-session",
          "xvfb-run");

  private static final Set<String> BUILTINS =
      Set.of(
          "alias",
          "source",
          ".",
          "hash",
          "enable",
          "bind",
          "complete",
          "compgen",
          "fc",
          "history",
          "mapfile",
          "readarray",
          "let",
          "shopt",
          "set");

  /** Builtins that give a value to a variable named among their words. */
  private static final Set<String> SETTERS =
      Set.of(
          "export",
          "declare",
          "typeset",
          "local",
          "readonly",
          "read",
          "getopts",
          "unset",
          "printf",
          "test",
          "[",
          "wait");

  /** Options by which an ordinary program runs a command, at their beginning. */
  private static final Map<String, List<String>> RISKS =
      Map.of(
          "tar",
          List.of(
              "--checkpoint-action",
              "--to-command",
              "-I",
              "--use-compress-program",
              "--rsh-command",
              "-F",
              "--info-script",
              "--new-volume-script"),
          "rsync",
          List.of("-e", "--rsh", "--rsync-path"),
          "sort",
          List.of("--compress-program"),
          "zip",
          List.of("-TT", "--unzip-command"),
          "man",
          List.of("-P", "-H", "--pager", "--html"),
          "rg",
          List.of("--pre", "--hostname-bin"),
          "git",
          List.of(
              "--upload-pack",
              "--receive-pack",
              "--exec",
              "--open-files-in-pager",
              "-O",
              "--config",
              "ext::",
              "--ext-diff"));

  private static final Set<String> GIT_VERBS =
      Set.of("config", "filter-branch", "difftool", "mergetool", "bisect", "submodule", "rebase");
  private static final Pattern ASSIGNED =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(\\+?=.*)?", Pattern.DOTALL);
  private static final Pattern SED_RUNS =
      Pattern.compile(
          "(?s)(.*[;{}/0-9$!,\\s])?e(\\s.*)?|.*s(\\W).*\\3.*\\3[a-zA-Z0-9]*e[a-zA-Z0-9]*");

  private Programs() {}

  /** Why this command may run what is not seen; empty when it is an ordinary one. */
  static Optional<Carried.Opaque> judge(String name, List<Word> argv) {
    if (INTERPRETERS.contains(withoutVersion(name))) {
      return opaque(name + " runs code of another language", name);
    }
    if (CARRIERS.contains(name) || BUILTINS.contains(name)) {
      return opaque(name + " changes or runs what is not seen here", name);
    }
    if (SETTERS.contains(name)) {
      return setter(name, argv);
    }
    return switch (name) {
      case "git" -> git(argv);
      case "sed" -> sed(argv);
      default -> risky(name, argv);
    };
  }

  private static String withoutVersion(String name) {
    int end = name.length();
    while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
      end--;
    }
    return name.substring(0, end);
  }

  private static Optional<Carried.Opaque> opaque(String why, String named) {
    return Optional.of(new Carried.Opaque(why, named));
  }

  private static Optional<Carried.Opaque> risky(String name, List<Word> argv) {
    for (String risk : RISKS.getOrDefault(name, List.of())) {
      if (argv.stream().skip(1).anyMatch(word -> word.startsWith(risk))) {
        return opaque(name + " " + risk + " runs a command", risk);
      }
    }
    return Optional.empty();
  }

  private static Optional<Carried.Opaque> git(List<Word> argv) {
    int i = 1;
    for (; i < argv.size() && argv.get(i).startsWith("-"); i++) {
      String option = argv.get(i).shape();
      if (option.startsWith("-c")
          || option.startsWith("--config-env")
          || option.startsWith("--exec-path=")) {
        return opaque(
            "git " + option + " may run a command", option.startsWith("-c") ? "-c" : option);
      }
      i +=
          (option.equals("-C") || option.equals("--git-dir") || option.equals("--work-tree"))
              ? 1
              : 0;
    }
    if (i < argv.size() && GIT_VERBS.contains(argv.get(i).shape())) {
      String verb = argv.get(i).shape();
      return opaque("git " + verb + " may run a command", verb);
    }
    boolean clone = i < argv.size() && argv.get(i).is("clone");
    if (clone && argv.stream().skip(i).anyMatch(word -> word.startsWith("-c"))) {
      return opaque("git clone -c may run a command", "-c");
    }
    return risky("git", argv);
  }

  private static Optional<Carried.Opaque> sed(List<Word> argv) {
    boolean runs = argv.stream().skip(1).anyMatch(word -> SED_RUNS.matcher(word.shape()).matches());
    return runs ? opaque("sed may run a command", "sed") : Optional.empty();
  }

  private static boolean mayAssign(List<Word> printf) {
    return printf.size() > 1 && (!printf.get(1).isLiteral() || printf.get(1).startsWith("-v"));
  }

  /** Setting PATH by a builtin is like setting it before a command; a subscript may run code. */
  private static Optional<Carried.Opaque> setter(String name, List<Word> argv) {
    if (name.equals("printf") && !mayAssign(argv)) {
      return Optional.empty();
    }
    boolean tests = name.equals("test") || name.equals("[");
    for (Word word : argv.subList(1, argv.size())) {
      String text = word.shape();
      if (text.contains("$(") || text.indexOf('`') >= 0) {
        return opaque(name + " may run a command in a subscript", name);
      }
      if (!tests && word.many()) {
        return opaque("what " + name + " sets is not known", name);
      }
      var assigned = ASSIGNED.matcher(text);
      if (!tests
          && !assigned.matches()
          && (text.indexOf(Word.UNKNOWN) == 0 || text.indexOf('[') >= 0)) {
        return opaque("what " + name + " sets is not known", name);
      }
      if (!tests && assigned.matches() && !new Assignment(assigned.group(1), word).harmless()) {
        return opaque(name + " sets " + assigned.group(1), assigned.group(1));
      }
    }
    return Optional.empty();
  }
}
