package dev.rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands against a server that speaks the contract. */
class ClientCommandsIT {
  private static final String RUNS =
      "{'items':[{'id':'run_0199a8b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b','agent':'agt_1',"
          + "'conversation':'cli:x','state':'failed','failure_reason':'tool_failed',"
          + "'created_at':'2026-11-20T11:57:00.000Z','started_at':'2026-11-20T11:57:00.000Z',"
          + "'finished_at':'2026-11-20T11:57:01.400Z'},"
          + "{'id':'run_2','state':'done','conversation':'日本','created_at':'2026-11-20T11:00:00.000Z',"
          + "'outcome':'replied','wait_reason':null,'failure_reason':null}],'next':'run_2'}";

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
  void a_list_is_an_aligned_table_with_whole_ids_and_times_as_people_say_them() {
    server.on("GET", "/api/v1/runs", 200, RUNS);
    Shell.Result result = run("runs", "list", "--state", "failed", "--limit", "2");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).hasSize(3);
    assertThat(result.outLines().get(0)).startsWith("ID").contains("STATE").contains("OUTCOME");
    assertThat(result.outLines().get(1))
        .contains("run_0199a8b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b")
        .contains("3 min ago")
        .contains("1.4 s")
        .endsWith("tool_failed");
    assertThat(result.outLines().get(2)).endsWith("replied");
    assertThat(result.out()).doesNotContain("\u001b");
    assertThat(result.err()).contains("--before run_2");
    assertThat(server.last("GET").query()).isEqualTo("state=failed&limit=2");
  }

  @Test
  void json_is_what_the_api_said_and_fields_select_from_its_items() {
    server.on("GET", "/api/v1/runs", 200, RUNS);
    Shell.Result all = run("runs", "list", "--json");
    assertThat(Json.parse(all.out())).isEqualTo(Json.parse(RUNS.replace('\'', '"')));
    assertThat(all.err()).isEmpty();
    assertThat(Json.parse(run("runs", "list", "--json=state").out()))
        .isEqualTo(
            Json.parse(
                "{\"items\":[{\"state\":\"failed\"},{\"state\":\"done\"}],\"next\":\"run_2\"}"));
    assertThat(run("--json", "runs", "list").out()).isEqualTo(all.out());
  }

  @Test
  void quiet_prints_ids_and_json_lines_an_object_per_line() {
    server.on("GET", "/api/v1/runs", 200, RUNS);
    assertThat(run("runs", "list", "-q").outLines())
        .containsExactly("run_0199a8b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b", "run_2");
    assertThat(run("runs", "list", "--json-lines").outLines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(Json.parse(line).path("id").asText()).startsWith("run_"));
  }

  @ParameterizedTest
  @CsvSource({"400, 2", "401, 4", "403, 4", "404, 3", "409, 1", "429, 1", "500, 1", "503, 1"})
  void a_problem_is_a_sentence_on_stderr_and_an_exit_code(int status, int exitCode) {
    server.problem("GET", "/api/v1/runs/run_x", status, "There is no run 'run_x'.");
    Shell.Result result = run("runs", "show", "run_x");
    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("There is no run 'run_x'.")
        .contains("some-code")
        .contains("t1")
        .doesNotContain("Exception");
  }

  @Test
  void without_a_server_the_command_to_start_one_is_named() throws IOException {
    Shell.Result gone = new Shell().home(home.resolve("empty")).run("status");
    assertThat(gone.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(gone.err()).contains("rookery up").contains("empty");
    server.close();
    Shell.Result stale = run("status");
    assertThat(stale.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(stale.err()).contains("does not answer").contains("rookery up");
  }

  @Test
  void the_key_of_this_machine_is_not_sent_elsewhere() throws IOException {
    Shell.Result elsewhere =
        new Shell().home(home).run("status", "--server", "http://rookery.example.invalid");
    assertThat(elsewhere.exitCode()).isEqualTo(Exit.AUTH);
    assertThat(elsewhere.err()).contains("ROOKERY_API_KEY");
    Files.delete(home.resolve("cli.key"));
    assertThat(run("status").exitCode()).isEqualTo(Exit.AUTH);
    assertThat(
            new Shell().home(home).env("ROOKERY_API_KEY", FakeServer.KEY).run("status").exitCode())
        .isZero();
    assertThat(new Shell().home(home).env("ROOKERY_API_KEY", "rk_wrong").run("status").exitCode())
        .isEqualTo(Exit.AUTH);
  }

  @Test
  void text_of_strangers_cannot_obey_itself_to_the_terminal() {
    server.on(
        "GET",
        "/api/v1/events",
        200,
        "{'items':[{'id':'evt_1','text':'\\u001b[2Jboo\\nnext','actor':{'name':'Eve','kind':'contact'}}],'next':null}");
    Shell.Result result = run("events", "list");
    assertThat(result.outLines()).hasSize(2);
    assertThat(result.out())
        .doesNotContain("\u001b")
        .contains("boo ⏎ next")
        .contains("Eve (contact)");
  }

  @Test
  void an_agent_is_created_from_options_and_files() throws IOException {
    server.on("POST", "/api/v1/agents", 201, "{'id':'agt_1','handle':'rook','enabled':true}");
    Path soul = Files.writeString(home.resolve("soul.md"), "Be brief.");
    Shell.Result result =
        run(
            "agents",
            "create",
            "rook",
            "--instructions-file",
            soul.toString(),
            "--tool",
            "a",
            "--tool",
            "b");
    assertThat(result.exitCode()).isZero();
    assertThat(server.last("POST").json())
        .isEqualTo(
            Json.parse(
                "{\"handle\":\"rook\",\"instructions\":\"Be brief.\",\"tools\":[\"a\",\"b\"]}"));
    assertThat(result.out()).contains("agt_1");
    assertThat(result.err()).contains("rookery chat rook");
  }

  @Test
  void a_bot_token_comes_from_file_stdin_or_variable_and_is_printed_nowhere() throws IOException {
    server.on("POST", "/api/v1/integrations", 201, "{'id':'int_1','channel':'telegram'}");
    Path file = Files.writeString(home.resolve("token"), "123:abc\n");
    String[] command = {"integrations", "create", "telegram", "--agent", "rook"};
    Shell.Result ofFile =
        run(
            "integrations",
            "create",
            "telegram",
            "--agent",
            "rook",
            "--token-file",
            file.toString());
    assertThat(token()).isEqualTo("123:abc");
    assertThat(server.last("POST").json().path("config").path("mode").asText()).isEqualTo("poll");
    Shell.Result ofStdin =
        new Shell()
            .home(home)
            .input("456:def\n")
            .run("integrations", "create", "telegram", "--token-file", "-");
    assertThat(token()).isEqualTo("456:def");
    Shell.Result ofVariable =
        new Shell().home(home).env("TELEGRAM_BOT_TOKEN", "789:ghi").run(command);
    assertThat(token()).isEqualTo("789:ghi");
    for (Shell.Result result : new Shell.Result[] {ofFile, ofStdin, ofVariable}) {
      assertThat(result.exitCode()).isZero();
      assertThat(result.out() + result.err()).doesNotContain(":abc", ":def", ":ghi");
    }
    Shell.Result none = run(command);
    assertThat(none.exitCode()).isEqualTo(Exit.USAGE);
    assertThat(none.err()).contains("--token-file").contains("TELEGRAM_BOT_TOKEN");
  }

  private String token() {
    return server.last("POST").json().path("secrets").path("bot_token").asText();
  }

  @Test
  void a_new_key_is_the_only_line_on_stdout() {
    server.on(
        "POST",
        "/api/v1/keys",
        201,
        "{'id':'key_1','name':'ci','role':'operator','secret':'rk_a_b'}");
    Shell.Result result = run("keys", "create", "ci", "--expires-in-days", "30");
    assertThat(result.out()).isEqualTo("rk_a_b\n");
    assertThat(server.last("POST").json())
        .isEqualTo(Json.parse("{\"name\":\"ci\",\"role\":\"operator\",\"expires_in_days\":30}"));
  }

  @Test
  void a_revoked_key_is_answered_with_nothing_and_that_is_fine() {
    server.on("DELETE", "/api/v1/keys/key_1", 204, "");
    assertThat(run("keys", "revoke", "key_1").out()).contains("key_1 is revoked");
    assertThat(run("keys", "revoke", "key_1", "-q").out()).isEqualTo("key_1\n");
  }

  @Test
  void a_run_is_shown_from_what_woke_it_to_what_it_said() {
    server.on(
        "GET",
        "/api/v1/runs/run_1",
        200,
        "{'id':'run_1','state':'waiting_permission','wait_reason':'unknown_outcome',"
            + "'agent':'agt_1','activations':[{'event':'evt_1','decision':'woke','reason':'named','why':'The text names @rook.'}],"
            + "'steps':[{'seq':1,'kind':'model','name':'scripted','state':'done','attempts':1,'response':{'text':'I will'}},"
            + "{'seq':2,'kind':'tool','name':'pay','state':'unknown','attempts':1,'failed':false,'detail':'connection lost'}],"
            + "'deliveries':[{'id':'dlv_1','state':'sent','remote_id':'77','text':'hi'}],'artifacts':[]}");
    Shell.Result result = run("runs", "show", "run_1");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("The text names @rook.", "I will", "connection lost", "dlv_1", "77")
        .doesNotContain("Artifacts");
    assertThat(result.err()).contains("runs resolve run_1 --step 2 --as happened|retry|skip");
  }

  @Test
  void a_decision_about_a_step_is_sent_as_it_was_given() {
    server.on("POST", "/api/v1/runs/run_1/steps/2/resolution", 200, "{'result':'retry'}");
    assertThat(run("runs", "resolve", "run_1", "--step", "2", "--as", "retry").exitCode()).isZero();
    assertThat(server.last("POST").json()).isEqualTo(Json.parse("{\"as\":\"retry\"}"));
  }

  @Test
  void a_failing_integration_test_exits_with_1() {
    server.on(
        "POST", "/api/v1/integrations/int_1/test", 200, "{'ok':false,'problem':'Unauthorized'}");
    Shell.Result result = run("integrations", "test", "int_1");
    assertThat(result.exitCode()).isEqualTo(Exit.FAILED);
    assertThat(result.out()).contains("fail").contains("Unauthorized");
  }

  @Test
  void a_tool_is_defined_from_a_json_file() {
    server.on("POST", "/api/v1/tools", 201, "{'id':'tool_1','name':'weather'}");
    Shell.Result result =
        new Shell().home(home).input("{\"name\":\"weather\"}").run("tools", "create", "-");
    assertThat(result.exitCode()).isZero();
    assertThat(new Shell().home(home).input("[]").run("tools", "create", "-").exitCode())
        .isEqualTo(Exit.USAGE);
    assertThat(new Shell().home(home).input("{oops").run("tools", "create", "-").exitCode())
        .isEqualTo(Exit.USAGE);
  }

  @Test
  void ids_in_paths_are_escaped() {
    assertThat(run("agents", "show", "../keys?x").exitCode()).isEqualTo(Exit.NOT_FOUND);
    assertThat(server.requests().getLast().path()).isEqualTo("/api/v1/agents/../keys?x");
    assertThat(server.requests().getLast().query()).isEqualTo("null");
  }

  @Test
  void tail_prints_what_there_is_and_ends_when_asked_to() {
    server.happens("run.queued", "run_1", "cli:x", "{'agent':'agt_1'}");
    server.happens("run.finished", "run_1", "cli:x", "{'state':'done'}");
    Shell.Result lines = run("tail", "--after", "0", "--no-follow");
    assertThat(lines.exitCode()).isZero();
    assertThat(lines.outLines()).hasSize(2);
    assertThat(lines.outLines().getFirst()).contains("run.queued").contains("run_1");
    assertThat(run("tail", "--after", "1", "--no-follow", "--json-lines").outLines())
        .singleElement()
        .satisfies(line -> assertThat(Json.parse(line).path("seq").asInt()).isEqualTo(2));
    assertThat(run("tail", "--no-follow").out()).isEmpty();
  }

  @Test
  void status_names_what_waits_for_a_person_and_the_command_that_shows_it() {
    server.on(
        "GET",
        "/api/v1/status",
        200,
        "{'version':'0.1','org':{'name':'Crows'},'model':{'sentence':'scripted model: no key','scripted':true,'ready':true},"
            + "'runs':{'queued':0,'waiting_permission':2},'deliveries':{'pending':0,'unknown':1},'dead_letters':0,"
            + "'integrations':[{'name':'bot','channel':'telegram','enabled':true}],'agents':3}");
    Shell.Result result = run("status");
    assertThat(result.out())
        .contains("Crows", "scripted model: no key", "2 waiting permission", "bot [telegram]");
    assertThat(result.out())
        .contains("runs list --state waiting_permission")
        .contains("deliveries list --state unknown")
        .doesNotContain("dispatch dead");
  }

  @Test
  void a_run_is_exported_to_a_file_or_to_stdout() throws IOException {
    String document = "{\"format\":\"rookery.run/1\",\"run\":{\"id\":\"run_1\"}}";
    server.on("GET", "/api/v1/runs/run_1/export", 200, document);
    Path file = home.resolve("run.json");
    Shell.Result toFile = run("runs", "export", "run_1", "-o", file.toString());
    assertThat(toFile.exitCode()).isZero();
    assertThat(toFile.out()).isEmpty();
    assertThat(toFile.err()).contains(file.toString());
    assertThat(Json.parse(Files.readString(file))).isEqualTo(Json.parse(document));
    assertThat(Json.parse(run("runs", "export", "run_1").out())).isEqualTo(Json.parse(document));
    assertThat(Json.parse(run("runs", "export", "run_1", "--json=format").out()))
        .isEqualTo(Json.parse("{\"format\":\"rookery.run/1\"}"));
    String nowhere = home.resolve("no/where.json").toString();
    assertThat(run("runs", "export", "run_1", "-o", nowhere).err()).contains("cannot be written");
    assertThat(run("runs", "export", "run_2").exitCode()).isEqualTo(Exit.NOT_FOUND);
  }

  @Test
  void the_content_of_an_artifact_comes_as_it_is() throws IOException {
    server.on(
        "GET",
        "/api/v1/artifacts",
        200,
        "{'items':[{'id':'art_1','kind':'file','name':'a.txt','media_type':'text/plain','size':6}],'next':null}");
    server.on("GET", "/api/v1/artifacts/art_1", 200, "{'id':'art_1','name':'a.txt'}");
    server.on("GET", "/api/v1/artifacts/art_1/content", 200, "a\n\u00e9\n");
    assertThat(run("artifacts", "list", "--run", "run_1", "--kind", "file").outLines().get(1))
        .contains("art_1", "a.txt");
    assertThat(server.last("GET").query()).isEqualTo("run=run_1&kind=file&limit=50");
    assertThat(run("artifacts", "get", "art_1").out()).isEqualTo("a\n\u00e9\n");
    Path file = home.resolve("a.txt");
    assertThat(run("artifacts", "get", "art_1", "-o", file.toString()).exitCode()).isZero();
    assertThat(file).hasContent("a\n\u00e9\n");
    assertThat(Json.parse(run("artifacts", "get", "art_1", "--json=name").out()))
        .isEqualTo(Json.parse("{\"name\":\"a.txt\"}"));
  }

  @Test
  void a_conversation_is_named_by_its_key_and_shows_what_was_said_in_order() {
    server.on(
        "GET",
        "/api/v1/conversations",
        200,
        "{'items':[{'id':'Y2xpOng','key':'cli:x','name':'Ada','open_runs':1}],'next':null}");
    server.on(
        "GET",
        "/api/v1/conversations/Y2xpOng",
        200,
        "{'id':'Y2xpOng','key':'cli:x','name':'Ada','open_runs':1,'approvals':[{'id':'apr_1'}]}");
    server.on(
        "GET",
        "/api/v1/conversations/Y2xpOng/messages",
        200,
        "{'items':[{'id':'dlv_1','from':'agent','name':null,'text':'It is.','run':'run_1'},"
            + "{'id':'evt_1','from':'person','name':'Ada','text':'Is it?'}],'next':null}");
    assertThat(run("conversations", "list", "-q").out()).isEqualTo("Y2xpOng\n");
    assertThat(run("conversations", "list", "--agent", "rook").outLines().get(1))
        .startsWith("cli:x");
    Shell.Result shown = run("conversations", "show", "cli:x");
    assertThat(shown.out()).containsSubsequence("cli:x", "Ada", "Is it?", "agent", "It is.");
    assertThat(shown.err()).contains("approvals show apr_1");
    assertThat(run("conversations", "show", "Y2xpOng").out()).isEqualTo(shown.out());
  }

  @Test
  void a_work_item_is_shown_with_its_runs() {
    String item =
        "'id':'wrk_1','state':'failed','title':'Water the plants','asked_by':'Ada','run_count':2,"
            + "'outcome':'tool_failed','asked_at':'2026-11-20T11:57:00.000Z','ended_at':null";
    server.on("GET", "/api/v1/work-items", 200, "{'items':[{" + item + "}],'next':null}");
    server.on(
        "GET",
        "/api/v1/work-items/wrk_1",
        200,
        "{" + item + ",'runs':[{'id':'run_2','state':'failed','failure_reason':'tool_failed'}]}");
    assertThat(run("work", "list", "--state", "failed").outLines().get(1))
        .contains("wrk_1", "3 min ago", "Ada", "Water the plants");
    assertThat(server.last("GET").query()).isEqualTo("state=failed&limit=50");
    assertThat(run("work", "show", "wrk_1").out()).contains("Water the plants", "run_2");
    assertThat(run("work", "show", "wrk_1", "-q").out()).isEqualTo("wrk_1\n");
  }
}
