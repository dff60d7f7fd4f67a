package dev.rookery.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.homes.Home;
import dev.rookery.models.Cancellation;
import dev.rookery.sandbox.SandboxSettings.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Attempts to get out of a sandbox, or to look out of it. */
abstract class EscapeContract extends Attempts {
  EscapeContract(Mode mode) {
    super(mode);
  }

  @Test
  void files_of_the_host_cannot_be_read() throws IOException {
    promised();
    Path secret = Files.writeString(directory.resolve("secret"), "of the host");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(
            says(
                "cat /etc/shadow /etc/hostname /root/.bashrc /var/log/* "
                    + secret
                    + " 2>/dev/null;"
                    + " cat "
                    + tried.all().homes().root()
                    + "/.canary 2>/dev/null; echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void files_of_the_host_cannot_be_written() throws IOException {
    promised();
    Path file = Files.writeString(directory.resolve("open"), "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    says("echo x > " + file + "; rm -f " + file + "; touch /usr/x /etc/x /var/tmp/rk-x /x");

    assertThat(file).hasContent("before");
    assertThat(Path.of("/var/tmp/rk-x")).doesNotExist();
    assertThat(Path.of("/usr/x")).doesNotExist();
  }

  @Test
  void another_agents_home_is_out_of_sight() {
    promised();
    Sandbox other = tried.another();
    Tried.run(other, Exec.shell("echo theirs > secret; chmod 644 secret"), Cancellation.NEVER);
    String there = other.status().home();
    Path host = other.home().path();

    assertThat(
            says(
                "cat "
                    + host
                    + "/secret ../*/secret $HOME/../*/secret 2>/dev/null; ls "
                    + host
                    + " /mnt/"
                    + host.getParent().getFileName()
                    + " 2>/dev/null;"
                    + (there.equals(Home.INSIDE) ? "" : " cat " + there + "/secret 2>/dev/null;")
                    + " echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void the_servers_environment_cannot_be_read() {
    promised();
    String said =
        says("cat /proc/*/environ /proc/" + SERVER + "/environ 2>/dev/null | tr '\\0' '\\n'");

    assertThat(said).contains("HOME=").doesNotContain("HOME=" + System.getenv("HOME") + "\n");
    assertThat(says("cat /proc/1/environ 2>/dev/null | tr '\\0' '\\n'"))
        .doesNotContain("HOME=" + System.getenv("HOME") + "\n");
  }

  @Test
  void the_host_root_behind_proc_is_closed() {
    promised();
    assertThat(
            says(
                "for p in 1 self "
                    + SERVER
                    + "; do cat /proc/$p/root/etc/shadow"
                    + " /proc/$p/cwd/pom.xml /proc/$p/root"
                    + directory
                    + "/sandbox.id; done"
                    + " 2>/dev/null; echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void no_process_is_traced() {
    promised();
    assertThat(call("101, 16, " + SERVER + ", 0, 0")).isEqualTo(REFUSED);
    assertThat(call("101, 0, 0, 0, 0")).isEqualTo(REFUSED);
  }

  @Test
  void no_memory_of_another_process_is_read() {
    promised();
    assertThat(call("310, " + SERVER + ", $b, 1, $b, 1, 0")).isEqualTo(REFUSED);
    assertThat(says("head -c 1 /proc/" + SERVER + "/mem 2>/dev/null; echo end")).isEqualTo("end\n");
  }

  @Test
  void nothing_is_mounted() {
    promised();
    assertThat(call("165, $b, $b, $b, 0, $b")).isEqualTo(REFUSED);
    assertThat(call("430, $b, 0")).isEqualTo(REFUSED);
    tried.run("mount -t tmpfs none $HOME 2>/dev/null && exit 0; exit 9").endsWith(9);
  }

  @Test
  void the_root_is_not_changed() {
    promised();
    assertThat(call("161, $b")).isEqualTo(REFUSED);
    assertThat(call("155, $b, $b")).isEqualTo(REFUSED);
  }

  @Test
  void no_user_namespace_is_made() {
    promised();
    assertThat(call("272, 0x10000000")).isEqualTo(REFUSED);
    assertThat(call("56, 0x10000011, 0, 0, 0, 0")).isEqualTo(REFUSED);
    assertThat(call("435, $b, 88")).isEqualTo("refused 38\n");
    tried.run("unshare -Ur true 2>/dev/null && exit 0; exit 9").endsWith(9);
  }

  @Test
  void no_sandbox_in_a_sandbox_widens_it() {
    promised();
    assertThat(says("bwrap --ro-bind / / --proc /proc cat /etc/shadow 2>/dev/null; echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void no_namespace_of_another_process_is_entered() {
    promised();
    assertThat(call("308, 0, 0")).isEqualTo(REFUSED);
  }

  @Test
  void raw_disks_are_out_of_reach() {
    promised();
    assertThat(
            says(
                "for d in /dev/[svx]d[a-z] /dev/nvme0n1 /dev/mem /dev/kmsg /dev/loop0; do"
                    + " head -c 1 $d 2>/dev/null && echo read; done;"
                    + " mknod disk b 254 0 2>/dev/null && head -c 1 disk 2>/dev/null && echo made;"
                    + " echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void settings_of_the_kernel_are_not_written() {
    promised();
    assertThat(
            says(
                "for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /proc/sys/vm/drop_caches"
                    + " /sys/fs/cgroup/release_agent /sys/kernel/uevent_helper /proc/1/oom_score_adj;"
                    + " do { echo 1 > $f; } 2>/dev/null && [ $f != /proc/1/oom_score_adj ]"
                    + " && echo wrote $f; done; echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void calls_that_often_had_holes_are_refused() {
    promised();
    for (int number : new int[] {250, 248, 249, 321, 298, 323, 425, 304, 246, 175, 313, 300}) {
      assertThat(call(number + ", 0, 0, 0, 0, 0")).as("call %d", number).isEqualTo(REFUSED);
    }
  }

  @Test
  void nobody_types_into_a_terminal() {
    promised();
    assertThat(call("16, 0, 0x5412, $b")).isEqualTo(REFUSED);
    assertThat(call("16, 0, 0x541c, $b")).isEqualTo(REFUSED);
  }

  @Test
  void calls_by_another_numbering_kill() {
    promised();
    call("39");
    tried.run("perl -e 'syscall(0x40000000 + 39); print 1'").endsWith(159);
  }

  @Test
  void nobody_becomes_root() {
    assertThat(
            says(
                "cp /bin/sh mine; chmod u+s mine; ./mine -c 'id -u' | grep -x 0;"
                    + " echo | su -c 'id -u' 2>/dev/null | grep -x 0;"
                    + " sudo -n id -u 2>/dev/null | grep -x 0; echo end"))
        .isEqualTo("end\n");
    promised();
    assertThat(call("105, 0")).startsWith("refused");
  }

  @Test
  void a_link_out_of_the_home_leads_nowhere() throws IOException {
    promised();
    Path file = Files.writeString(directory.resolve("linked"), "before");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(
            says(
                "ln -s "
                    + file
                    + " out; cat out 2>/dev/null; { echo x > out; } 2>/dev/null;"
                    + " ln -s / up; cat up/etc/shadow up"
                    + file
                    + " 2>/dev/null;"
                    + " ln "
                    + file
                    + " hard 2>/dev/null && echo linked; echo end"))
        .isEqualTo("end\n");
    assertThat(file).hasContent("before");
  }

  @Test
  void the_server_is_not_signalled() {
    promised();
    assertThat(says("kill -0 " + SERVER + " 2>/dev/null && echo reached; echo end"))
        .isEqualTo("end\n");
    Sandbox other = tried.another();
    CompletableFuture<Void> up = new CompletableFuture<>();
    CompletableFuture<Outcome> ended =
        CompletableFuture.supplyAsync(
            () ->
                other.exec(
                    Exec.shell("echo up; read -t 3; exit 4").reading(new byte[] {10}),
                    (_, _) -> up.complete(null),
                    Cancellation.NEVER));
    up.join();

    says("kill -9 -1");

    assertThat(ended.join()).isEqualTo(new Outcome.Exit(4));
  }

  @Test
  void no_descriptor_of_the_server_is_inherited() {
    assertThat(
            says(
                "for f in /proc/$$/fd/*; do n=${f##*/}; [ $n -gt 2 ] && [ $n -lt 255 ]"
                    + " && readlink $f; done; echo end"))
        .isEqualTo("end\n");
  }

  @Test
  void a_place_of_ours_that_became_a_link_is_not_followed() {
    Sandbox other = tried.another();
    Path outside = directory.resolve("outside-" + mode);
    Tried.run(
        other, Exec.shell("rm -rf .rookery; ln -s " + outside + " .rookery"), Cancellation.NEVER);

    assertThatThrownBy(() -> other.exec(Exec.shell("true"), OutputSink.NOWHERE, Cancellation.NEVER))
        .hasMessageContaining(".rookery");
    assertThat(outside).doesNotExist();
  }
}
