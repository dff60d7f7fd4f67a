package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes and background commands, against a server that speaks the contract. */
class TasksCommandIT {
  @TempDir private Path home;
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = FakeServer.announcedIn(home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell.Result run(String... args) {
    return new Shell().home(home).run(args);
  }

  @Test
  void background_commands_are_listed_shown_and_stopped() {
    String task =
        "'id':'bgt_1','agent':'agt_1','run':'run_1','command':'make watch','state':'running',"
            + "'exit_code':null,'started_at':'2026-11-20T11:57:00.000Z','ended_at':null";
    server.on("GET", "/api/v1/agents/rook/tasks", 200, "{'items':[{" + task + "}],'next':null}");
    String one = "/api/v1/agents/rook/tasks/bgt_1";
    server.on("GET", one, 200, "{" + task + ",'output':'built\\n','output_size':6}");
    server.on("DELETE", one, 200, "{" + task + "}");
    server.on(
        "GET",
        "/api/v1/agents/rook/sandbox",
        200,
        "{'agent':'agt_1','tier':'local-bwrap','available':true,'sentence':'Commands run in local-bwrap.',"
            + "'running_tasks':1,'home':{'used':2048,'quota':1000000},'attestation':null}");
    assertThat(run("tasks", "list", "rook").outLines().get(1))
        .contains("bgt_1", "running", "3 min ago", "make watch");
    assertThat(run("tasks", "show", "rook", "bgt_1").out()).contains("make watch", "built");
    assertThat(run("tasks", "stop", "rook", "bgt_1").out()).contains("bgt_1 is being ended");
    assertThat(run("tasks", "stop", "rook", "bgt_2").exitCode()).isEqualTo(Exit.NOT_FOUND);
    assertThat(run("agents", "sandbox", "rook").out())
        .contains("local-bwrap", "2,048 of 1,000,000 bytes");
  }
}
