package dev.rookery.sandbox;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shell around a command: it restores a session and keeps it, and records the exit code.
 *
 * <p>A session is one file of shell commands: exported variables, functions, aliases, directory,
 * options. It is written anew in the trap on EXIT, so {@code exit 9} keeps it too. Not kept is what
 * a command does that leaves no shell behind: {@code exec}, {@code kill -9 $$}, an EXIT trap of its
 * own that is followed by {@code exit}; the session then stays as it was before.
 */
final class Wrapper {
  private static final int LONGEST = 1 << 20;
  private static final int PIECE = 30_000;

  /** Arguments: step directory, session file, directory, kept variables, kind, the command. */
  private static final String SCRIPT =
      """
      __rk_step=$1 __rk_session=$2 __rk_dir=$3 __rk_kind=$5
      __rk_end() {
        __rk_code=$?
        trap - EXIT
        if [ -n "$__rk_step" ]; then
          { printf '%d\\n' "$__rk_code" > "$__rk_step/rc"; } 2> /dev/null
        fi
        if [ -n "$__rk_session" ]; then
          {
            printf '__rk_options() {\\n'
            shopt -p
            set +o
            printf '}\\n'
            set +euvxfC
            export -n SHELLOPTS BASHOPTS
            declare -px
            unset -f __rk_end
            declare -f
            alias -p
            printf 'cd -- %q 2> /dev/null || cd\\n' "$PWD"
            printf '__rk_options\\nunset -f __rk_options\\n'
          } > "$__rk_session.new" 2> /dev/null && /bin/mv -f "$__rk_session.new" "$__rk_session"
        fi
        exit "$__rk_code"
      }
      for __rk_name in $4; do
        __rk_kept+=("$__rk_name" "${!__rk_name-}" "${!__rk_name+set}")
      done
      shift 5
      if [ "$__rk_kind" = shell ]; then
        IFS=; __rk_line="$*"; unset IFS
      fi
      shopt -s expand_aliases
      if [ -n "$__rk_session" ] && [ -r "$__rk_session" ]; then
        . "$__rk_session" 2> /dev/null
        set +n
      fi
      for ((__rk_i = 0; __rk_i < ${#__rk_kept[@]}; __rk_i += 3)); do
        if [ -n "${__rk_kept[__rk_i+2]}" ]; then
          export "${__rk_kept[__rk_i]}=${__rk_kept[__rk_i+1]}"
        else
          unset "${__rk_kept[__rk_i]}"
        fi
      done
      unset __rk_kept __rk_i __rk_name
      if [ -n "$__rk_dir" ]; then
        cd -- "$__rk_dir" || { __rk_session=; __rk_bad=1; }
      fi
      trap __rk_end EXIT
      if [ -n "${__rk_bad-}" ]; then
        exit 1
      fi
      if [ "$__rk_kind" = shell ]; then
        eval "$__rk_line"
      else
        "$@"
      fi
      """;

  private static final List<String> ALWAYS =
      List.of(
          "HOME",
          "TMPDIR",
          ProcessTable.MARKER,
          "ROOKERY_EGRESS",
          "http_proxy",
          "https_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY");

  private Wrapper() {}

  /** Where a command keeps its files, as seen from inside. */
  record Places(String home, @Nullable String step) {}

  static List<String> argv(Exec exec, Places places, Map<String, String> given) {
    if (exec.command() instanceof Command.Argv(var arguments)
        && places.step() == null
        && exec.directory() == null) {
      return arguments;
    }
    List<String> argv =
        new ArrayList<>(List.of("/bin/bash", "--noprofile", "--norc", "-c", SCRIPT, "rookery"));
    argv.add(places.step() == null ? "" : places.step());
    argv.add(exec.session() == null ? "" : places.home() + "/.rookery/sessions/" + exec.session());
    argv.add(exec.directory() == null ? "" : absolute(places.home(), exec.directory()));
    List<String> names = new ArrayList<>(ALWAYS);
    names.addAll(given.keySet());
    argv.add(String.join(" ", names));
    switch (exec.command()) {
      case Command.Shell(var line) -> {
        argv.add("shell");
        argv.addAll(pieces(line));
      }
      case Command.Argv(var arguments) -> {
        argv.add("argv");
        argv.addAll(arguments);
      }
    }
    return argv;
  }

  private static String absolute(String home, String directory) {
    return directory.startsWith("/") ? directory : home + "/" + directory;
  }

  /** One argument may hold 128 KiB, all together many times that. */
  private static List<String> pieces(String line) {
    if (line.length() > LONGEST || line.indexOf('\0') >= 0) {
      throw Refusal.badInput(
          "bad-command",
          "A command holds at most %d characters and no NUL. Write it to a file and run that.",
          LONGEST);
    }
    List<String> pieces = new ArrayList<>();
    String rest = line;
    while (!rest.isEmpty()) {
      String piece = Text.cut(rest, PIECE);
      pieces.add(piece);
      rest = rest.substring(piece.length());
    }
    return pieces;
  }
}
