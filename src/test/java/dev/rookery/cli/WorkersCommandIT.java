package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code workers} as people and scripts see it. */
class WorkersCommandIT {
  private static final String WORKER =
      "{'id':'run_1','name':'helper','state':'failed','cause':'deadline: too late','summary':null,"
          + "'task':'Count.','agent':'agt_1','parent':'run_0','step':2,'root':'run_0',"
          + "'background':false,'budget':null,'home':'step',"
          + "'started_at':'2026-11-20T11:00:00Z','ended_at':'2026-11-20T11:00:05Z'}";

  @TempDir private Path home;

  private Shell.Result run(String... args) {
    return new Shell().home(home).run(args);
  }

  @Test
  void workers_are_listed_shown_and_stopped() throws IOException {
    try (FakeServer server = FakeServer.announcedIn(home)) {
      server.on("GET", "/api/v1/workers", 200, "{'items':[" + WORKER + "],'next':null}");
      server.on("GET", "/api/v1/workers/run_1", 200, WORKER);
      server.on("POST", "/api/v1/workers/run_1/cancel", 200, "{'result':'already_done'}");

      assertThat(run("workers", "list", "--state", "failed").out())
          .contains("helper", "deadline: too late", "run_0");
      assertThat(run("workers", "list", "-q").out()).isEqualTo("run_1\n");
      assertThat(run("workers", "list", "--json").out()).contains("\"helper\"");
      assertThat(run("workers", "show", "run_1").out()).contains("Task", "Count.", "step");
      assertThat(run("workers", "cancel", "run_1").out()).contains("was over before");
      assertThat(run("workers", "list", "--state", "asleep").exitCode()).isEqualTo(Exit.USAGE);
    }
  }
}
