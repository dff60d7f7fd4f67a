package dev.rookery.policy;

/** Lines in which another command runs rm. A line with # names the one below it. */
final class CarryingRm {
  static final String TABLE =
      """
      # by env
      env rm -rf /
      # by env with variables
      env -i A=b rm -rf /
      # by env with a split string
      env -S 'rm -rf /'
      # by env without a variable
      env -u HOME rm -rf /
      # by a path of env
      /usr/bin/env rm -rf /
      # by xargs
      echo / | xargs rm -rf
      # by xargs with options
      ls | xargs -0 -n1 -P4 rm
      # by xargs with a placeholder
      echo rm | xargs -I{} {} -rf /
      # by xargs and a shell
      echo / | xargs sh -c 'rm -rf "$0"'
      # by timeout
      timeout 5 rm -rf /
      # by timeout with a signal
      timeout -s KILL -k 1 5 rm -rf /
      # by timeout with another option
      timeout --signal=KILL 5 rm -rf /
      # by nice
      nice -n 5 rm -rf /
      # by nice with a number
      nice -5 rm -rf /
      # by nohup
      nohup rm -rf /
      # by setsid
      setsid -w rm -rf /
      # by stdbuf
      stdbuf -oL rm -rf /
      # by sudo
      sudo -u root rm -rf /
      # by sudo with variables
      sudo A=b rm -rf /
      # by doas
      doas rm -rf /
      # by command
      command rm -rf /
      # by command with p
      command -p rm -rf /
      # by builtin and command
      builtin command rm -rf /
      # by exec
      exec rm -rf /
      # by exec with a name
      exec -a git rm -rf /
      # by eval
      eval rm -rf /
      # by eval in quotes
      eval 'git status; rm -rf /'
      # by eval in pieces
      eval r'm -rf' /
      # by eval of a variable
      eval "$X"
      # by sh
      sh -c 'rm -rf /'
      # by bash with options
      bash -xec 'git status; rm -rf /'
      # by a login shell
      bash -lc 'rm -rf /'
      # by two shells
      sh -c "sh -c 'rm -rf /'"
      # by a shell of a variable
      sh -c "$X"
      # by a shell with words
      sh -c '"$@"' sh rm -rf /
      # by dash with a test
      dash -c '[[ a && rm -rf / ]]'
      # by time of the system
      /usr/bin/time -v rm -rf /
      # by watch
      watch rm -rf /
      # by watch with an option
      watch -n 1 'rm -rf /'
      # by find
      find / -exec rm {} ;
      # by find quoted
      find / -exec rm {} ';'
      # by find escaped
      find / -exec rm {} \\;
      # by find with plus
      find / -execdir rm {} +
      # by the second exec of find
      find / -exec ls {} \\; -exec rm {} \\;
      # by find and a shell
      find / -exec sh -c 'rm "$1"' _ {} \\;
      # by parallel
      parallel rm ::: /
      # by busybox
      busybox rm -rf /
      # by ssh
      ssh localhost rm -rf /
      # by ionice and nice
      ionice -c 3 nice timeout 9 rm -rf /
      # by trap
      trap 'rm -rf /' EXIT
      # by an alias
      alias git='rm -rf /'; git status
      # by python
      python3 -c 'import os; os.system("rm -rf /")'
      # by perl
      perl -e 'system "rm -rf /"'
      # by node
      node -e 'require("child_process").execSync("rm -rf /")'
      # by ruby
      ruby -e 'exec "rm -rf /"'
      # by awk
      awk 'BEGIN { system("rm -rf /") }'
      # by sed
      sed -n '1e rm -rf /' file
      # by a flag of sed
      sed 's/.*/rm -rf \\//e' file
      # by vim
      vim -c ':!rm -rf /' -c ':q'
      # by tar
      tar cf /dev/null x --checkpoint=1 --checkpoint-action=exec='rm -rf /'
      # by rsync
      rsync -e 'rm -rf /' a b:
      # by a setting of git
      git -c core.pager='rm -rf /' log
      # by an alias of git
      git -c alias.x='!rm -rf /' x
      # by a stored alias of git
      git config alias.x '!rm -rf /'
      # by a rebase
      git rebase -x 'rm -rf /' HEAD~1
      # by a bisection
      git bisect run rm -rf /
      # by all submodules
      git submodule foreach 'rm -rf /'
      # by another upload program
      git fetch --upload-pack='rm -rf /' .
      # by an outer transport
      git clone 'ext::rm -rf /' x
      """;

  private CarryingRm() {}
}
