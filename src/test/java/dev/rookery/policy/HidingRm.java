package dev.rookery.policy;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Lines that run rm, or may. A line with # names the one below it. */
final class HidingRm {
  static final String TABLE =
      """
      # plain
      rm -rf /
      # behind a semicolon
      git status; rm -rf /
      # behind and
      git status && rm -rf /
      # behind or
      git status || rm -rf /
      # behind a pipe
      git status | rm -rf /
      # behind a pipe with errors
      git status |& rm -rf /
      # in the background
      git status & rm -rf /
      # on the second line
      git status
      rm -rf /
      # without blanks
      git status;rm -rf /
      # in a substitution
      git log $(rm -rf /)
      # in a quoted substitution
      git log "$(rm -rf /)"
      # in backticks
      git log `rm -rf /`
      # in quoted backticks
      git log "`rm -rf /`"
      # in nested backticks
      git log `echo \\`rm -rf /\\``
      # three substitutions deep
      git log $(echo $(echo $(rm -rf /)))
      # in an input process
      git diff <(rm -rf /)
      # in an output process
      git log > >(rm -rf /)
      # as an output process argument
      echo >(rm -rf /)
      # in a subshell
      (rm -rf /)
      # in two subshells
      ((rm -rf /); (rm -rf /))
      # in parentheses like arithmetic
      ((rm -rf /) )
      # in a group
      { rm -rf /; }
      # in an if
      if git status; then rm -rf /; fi
      # as the condition
      if rm -rf /; then git status; fi
      # in an elif
      if git a; then git b; elif rm -rf /; then git c; fi
      # in an else
      if git a; then git b; else rm -rf /; fi
      # in a while
      while git a; do rm -rf /; done
      # as the condition of until
      until rm -rf /; do git a; done
      # in a for
      for i in 1 2; do rm -rf $i; done
      # in the words of a for
      for i in $(rm -rf /); do git a; done
      # in a for like that of C
      for ((i=0; i<1; i++)); do rm -rf /; done
      # in the head of such a for
      for ((i=$(rm -rf /); i<1; i++)); do git a; done
      # in a select
      select x in 1; do rm -rf /; done
      # in a case
      case a in a) rm -rf /;; esac
      # in the pattern of a case
      case a in $(rm -rf /)) git a;; esac
      # in the word of a case
      case $(rm -rf /) in a) git a;; esac
      # after a fall-through
      case a in a) git a;& b) rm -rf /;; esac
      # in the last clause without end
      case a in (a) rm -rf /
      esac
      # in a function
      f() { rm -rf /; }; f
      # in a function with a keyword
      function f { rm -rf /; }; f
      # in a function in parentheses
      f() (rm -rf /); f
      # in a function named like an allowed program
      git() { rm -rf /; }; git status
      # in a function that runs its words
      git() { "$@"; }; git rm -rf /
      # in a co-process
      coproc rm -rf /
      # in a named co-process
      coproc NAME { rm -rf /; }
      # negated
      ! rm -rf /
      # timed
      time rm -rf /
      # timed with an option
      time -p rm -rf /
      # in arithmetic
      echo $(( $(rm -rf /) + 1 ))
      # in an arithmetic command
      (( x = $(rm -rf /) ))
      # in old arithmetic
      echo $[ $(rm -rf /) ]
      # in a test
      [[ -n $(rm -rf /) ]]
      # in an old test
      [ -n "$(rm -rf /)" ]
      # in a default
      git log ${x:-$(rm -rf /)}
      # in a quoted default
      git log "${x:-$(rm -rf /)}"
      # in a quoted default with quotes
      git log "${x:-'$(rm -rf /)'}"
      # in a default in backticks
      git log ${x:=`rm -rf /`}
      # in a replacement
      git log ${x/a/$(rm -rf /)}
      # in a substitution of braces
      git log ${ rm -rf /; }
      # in another substitution of braces
      git log ${|rm -rf /; }
      # in a here-document
      git log <<EOF
      $(rm -rf /)
      EOF
      # in backticks in a here-document
      git log <<EOF
      `rm -rf /`
      EOF
      # in a here-document that strips tabs
      git log <<-EOF
      	$(rm -rf /)
      	EOF
      # after a here-document
      git log <<EOF
      text
      EOF
      rm -rf /
      # after a quoted here-document
      git log <<'EOF'
      text
      EOF
      rm -rf /
      # beside a here-document
      git log <<EOF; rm -rf /
      text
      EOF
      # in the second of two here-documents
      git log <<A - <<B
      A
      $(rm -rf /)
      B
      # in a here-string
      git log <<< "$(rm -rf /)"
      # for a shell in a here-document
      sh <<EOF
      rm -rf /
      EOF
      # for a shell in a here-string
      bash <<< 'rm -rf /'
      # through a pipe to a shell
      echo 'rm -rf /' | sh
      # through a pipe to bash with s
      echo 'rm -rf /' | bash -s
      # in an assignment
      x=$(rm -rf /) git status
      # in an assignment alone
      x=$(rm -rf /)
      # in an array
      a=(1 $(rm -rf /))
      # in a subscript
      a[$(rm -rf /)]=1
      # in a subscript that is read
      echo ${a[$(rm -rf /)]}
      # in a quoted subscript
      x='a[$(rm -rf /)]'; echo $((x))
      # in a compared subscript
      [[ 'a[$(rm -rf /)]' -eq 0 ]]
      # in a subscript of test -v
      test -v 'a[$(rm -rf /)]'
      # in a subscript of printf
      printf -v 'a[$(rm -rf /)]' x
      # in a prompt
      x='$(rm -rf /)'; echo ${x@P}
      # behind an indirection
      x='a[$(rm -rf /)]'; echo ${!x}
      # in the target of a redirection
      git log > $(rm -rf /)
      # behind a redirection
      >/dev/null rm -rf /
      # behind a descriptor
      2>&1 rm -rf /
      # with a prefix
      A=b rm -rf /
      # with two prefixes
      A=b C=d rm -rf /
      # with a path
      /bin/rm -rf /
      # with a longer path
      /usr/bin/rm -rf /
      # with a path through proc
      /proc/self/root/bin/rm -rf /
      # with a path upwards
      /bin/../bin/rm -rf /
      # with double slashes
      //bin//rm -rf /
      # beside it
      ./rm -rf /
      # with empty quotes
      r''m -rf /
      # with other empty quotes
      r""m -rf /
      # with one letter in quotes
      "r"m -rf /
      # all in quotes
      'rm' -rf /
      # with a backslash
      r\\m -rf /
      # with a backslash at first
      \\rm -rf /
      # with a letter by its code
      $'\\x72m' -rf /
      # with an octal letter
      r$'\\155' -rf /
      # with a letter by its point
      $'\\u0072m' -rf /
      # in translated quotes
      $"rm" -rf /
      # over two lines
      r\\
      m -rf /
      # a substitution over two lines
      git log $\\
      (rm -rf /)
      # a keyword over two lines
      if git a; th\\
      en rm -rf /; fi
      # by a variable
      X=rm; $X -rf /
      # by a variable in braces
      ${X} -rf /
      # by a quoted variable
      "$X" -rf /
      # with an empty variable in it
      r${x}m -rf /
      # with an empty word before it
      $EMPTY rm -rf /
      # with two empty words before it
      $A ${B} rm -rf /
      # by a positional parameter
      set -- rm -rf /; "$@"
      # by a piece of a variable
      ${PATH:0:1}bin${PATH:0:1}rm -rf /
      # by a substitution as program
      $(echo rm) -rf /
      # by backticks as program
      `echo rm` -rf /
      # by a substitution in the name
      r$(echo m) -rf /
      # by braces
      {rm,-rf,/}
      # by braces in the name
      r{m,} -rf /
      # by a glob
      /b?n/rm -rf /
      # by another glob
      /bin/r? -rf /
      # by a set of letters
      /bin/[r]m -rf /
      # by a star
      /bin/r* -rf /
      # by a home
      ~/rm -rf /
      # by an array
      a=(rm -rf /); "${a[@]}"
      # by separators of fields
      IFS=,; x=rm,-rf,/; $x
      # behind a comment
      git status # comment
      rm -rf /
      # behind a word with a hash
      git log a#b; rm -rf /
      # after an escaped quote
      git log \\"; rm -rf / ; git log \\"
      # after a quote in the other quotes
      git log '"'; rm -rf /; git log '"'
      # after the end of a comment with a backslash
      git status # \\
      rm -rf /
      # after an unclosed quote
      git log 'x; rm -rf /
      # after an unclosed double quote
      git log "x; rm -rf /
      # in an unclosed substitution
      git log $(rm -rf /
      # in unclosed backticks
      git log `rm -rf /
      # in a here-document without end
      git log <<EOF
      $(rm -rf /)
      # in a here-document that joins lines
      git log <<EOF
      x\\
      EOF
      rm -rf /
      # behind closing keywords
      git status; fi; rm -rf /
      # behind too many parentheses
      git status); rm -rf /
      # by history
      !rm
      # by a directory of programs
      hash -p /bin/rm git; git -rf /
      # by reading a file
      . ./script
      # by reading a file named
      source script
      # by a script file
      bash script.sh
      # by a start file
      BASH_ENV=x bash -c 'git status'
      # in an exported function
      export X='() { :; }; rm -rf /'; bash -c 'git status'; rm -rf /
      """;

  private HidingRm() {}

  static Stream<Arguments> made() {
    String chain = "git status && ".repeat(50);
    String spaced = "git status ; ".repeat(50);
    return Stream.of(
        arguments("at the end of 51 parts", chain + "rm -rf /"),
        arguments("at the end of 51 other parts", spaced + "rm -rf /"),
        arguments("in the middle of 51 parts", chain + "rm -rf / && " + chain + "ls"),
        arguments("at the end of 51 pipes", "git log | ".repeat(50) + "rm -rf /"),
        arguments("30 substitutions deep", "echo $(".repeat(30) + "rm -rf /" + ")".repeat(30)),
        arguments("3,000 substitutions deep", "echo $(".repeat(3_000) + "rm" + ")".repeat(3_000)),
        arguments("3,000 subshells deep", "(".repeat(3_000) + "rm" + ")".repeat(3_000)),
        arguments("20 quotes deep", "echo \"$(".repeat(20) + "rm -rf /" + ")\"".repeat(20)),
        arguments("3,000 braces deep", "echo ${x:-".repeat(3_000) + "$(rm)" + "}".repeat(3_000)),
        arguments("3,000 groups deep", "{ ".repeat(3_000) + "rm -rf /;" + " }".repeat(3_000)),
        arguments("behind 100,000 characters", "git log " + "a".repeat(100_000) + "; rm -rf /"),
        arguments("behind 20,000 blanks", "git log" + " ".repeat(20_000) + "; rm -rf /"),
        arguments("behind a NUL", "git status\0; rm -rf /"),
        arguments("behind a carriage return", "git status\r; rm -rf /"),
        arguments("a carriage return in the name", "rm\r -rf /"),
        arguments("with a byte order mark", "\uFEFFrm -rf /"),
        arguments("with a space of no width", "r\u200Bm -rf /"),
        arguments("with a joiner of no width", "git status\u200D; rm -rf /"),
        arguments("with text from right to left", "git status \u202E/ fr- mr\u202C; rm -rf /"),
        arguments("with a hard space", "rm\u00A0-rf /"),
        arguments("with an escape sequence", "git status \u001B[8m; rm -rf /"),
        arguments("with a backspace", "git status\b; rm -rf /"),
        arguments("with a line separator", "git status\u2028rm -rf /"),
        arguments("with half a character", "git status \uD800; rm -rf /"),
        arguments("with a noncharacter", "git \uFFFF; rm -rf /"),
        arguments("with the other noncharacter", "git \uFFFE; rm -rf /"),
        arguments("with a tag character", "git \uDB40\uDC41; rm -rf /"),
        arguments("with a filler", "git \u3164; rm -rf /"));
  }
}
