package dev.rookery.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.Expected;
import dev.rookery.homes.Home;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.Homes;
import dev.rookery.homes.Quiesce;
import dev.rookery.journal.Journal;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.Cancellation;
import dev.rookery.policy.Demand;
import dev.rookery.store.BothEngines;
import dev.rookery.store.Database;
import dev.rookery.store.Rows;
import dev.rookery.store.TestDatabase;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@BothEngines
final class FileToolsIT {
  private final Path top;
  private final Path home;
  private final HomeFiles files;
  private final Map<String, Tool> tools;
  private final OrgId org;
  private final AgentId agent;
  private int step;

  FileToolsIT(TestDatabase db) throws IOException {
    Database database = db.database();
    org = db.newOrg();
    agent = database.write(org, tx -> Rows.agent(tx, org));
    top = Files.createTempDirectory("rookery-tools-");
    home = Files.createDirectory(top.resolve("home"));
    Homes homes = new Homes((_, _) -> new Home(home, null), 1L << 30);
    files = homes.of(org, agent);
    Checkpoints checkpoints =
        new Checkpoints(
            database,
            new Journal(database),
            homes,
            new Checkpoints.Place(top.resolve("kept"), 1L << 30, Quiesce.NOTHING_RUNS));
    tools =
        FileTools.all(database, homes, checkpoints).stream()
            .collect(Collectors.toMap(tool -> tool.spec().name(), Function.identity()));
  }

  @AfterEach
  void close() {
    TestDatabases.deleteDirectory(top);
  }

  private Tool tool(String name) {
    Tool tool = tools.get(name);
    assertThat(tool).as(name).isNotNull();
    return tool;
  }

  private Tool.Call call(String json) {
    Tool.Caller caller = new Tool.Caller(org, agent, RunId.next(), step++, "api:x", 1);
    return new Tool.Call(caller, Json.parse(json), "key-" + step, Cancellation.NEVER);
  }

  private Tool.ToolResult run(String name, String json) {
    JsonNode arguments = Json.parse(json);
    assertThat(ArgumentSchema.of(tool(name).spec().schema()).violations(arguments)).isEmpty();
    return tool(name).call(call(json));
  }

  private String text(String name, String json) {
    Tool.ToolResult result = run(name, json);
    assertThat(result.error()).as(result.text()).isFalse();
    return result.text();
  }

  private String error(String name, String json) {
    Tool.ToolResult result = run(name, json);
    assertThat(result.error()).as(result.text()).isTrue();
    return result.text();
  }

  private void put(String path, String text) {
    files.write(path, text.getBytes(StandardCharsets.UTF_8), Expected.ANYTHING);
  }

  private String content(String path) {
    return new String(files.read(path, 0, 1 << 20).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void every_tool_says_what_it_is_and_has_a_usable_schema() {
    assertThat(tools).hasSize(10);
    for (Tool tool : tools.values()) {
      ArgumentSchema.check(tool.spec().schema());
      assertThat(tool.spec().description()).hasSizeBetween(40, 400);
      assertThat(tool.capabilities()).hasSize(1);
    }
  }

  @Test
  void a_file_is_read_by_numbered_lines() {
    put("a.txt", "\uFEFFone\r\ntwo\r\nthree");
    assertThat(text("read_file", "{\"path\":\"a.txt\"}"))
        .isEqualTo("     1\tone\n     2\ttwo\n     3\tthree\n");
    assertThat(text("read_file", "{\"path\":\"~/a.txt\",\"offset\":2,\"limit\":1}"))
        .isEqualTo("     2\ttwo\n[The file goes on; read on with offset 3.]");
    assertThat(text("read_file", "{\"path\":\"a.txt\",\"offset\":9}")).contains("fewer than 9");
    put("bin", "a\0b");
    assertThat(text("read_file", "{\"path\":\"bin\"}")).startsWith("A binary file of 3 bytes");
    put("empty", "");
    assertThat(text("read_file", "{\"path\":\"empty\"}")).isEqualTo("The file is empty.");
    assertThat(error("read_file", "{\"path\":\"../x\"}")).contains("outside of the home");
    assertThat(error("read_file", "{\"path\":\"none\"}")).contains("no file or directory 'none'");
  }

  @Test
  void a_file_is_written_and_the_preview_is_what_changes() {
    assertThat(tool("write_file").preview(call("{\"path\":\"n/a\",\"content\":\"x\\n\"}")))
        .isEqualTo("--- a/n/a\n+++ b/n/a\n@@ -0,0 +1,1 @@\n+x\n");
    text("write_file", "{\"path\":\"n/a\",\"content\":\"x\\n\"}");
    assertThat(tool("write_file").preview(call("{\"path\":\"n/a\",\"content\":\"y\"}")))
        .isEqualTo("--- a/n/a\n+++ b/n/a\n@@ -1,1 +1,1 @@\n-x\n+y\n\\ No newline at end of file\n");
    assertThat(error("write_file", "{\"path\":\"n/a\",\"content\":\"\",\"if_exists\":\"fail\"}"))
        .contains("already");
    assertThat(content("n/a")).isEqualTo("x\n");
  }

  @Test
  void an_edit_keeps_line_ends_the_byte_order_mark_and_odd_bytes() throws IOException {
    put("dos", "\uFEFFone\r\ntwo\r\nthree\r\n");
    String diff =
        text(
            "edit_file",
            "{\"path\":\"dos\",\"old_text\":\"one\\ntwo\\n\",\"new_text\":\"1\\n2\\n\"}");
    assertThat(content("dos")).isEqualTo("\uFEFF1\r\n2\r\nthree\r\n");
    assertThat(diff).contains("@@ -1,3 +1,3 @@").contains("-two").contains("+2");
    Files.write(home.resolve("odd"), new byte[] {'a', (byte) 0xff, 'b', '\n', 'c'});
    text("edit_file", "{\"path\":\"odd\",\"old_text\":\"c\",\"new_text\":\"é\"}");
    assertThat(Files.readAllBytes(home.resolve("odd")))
        .containsExactly('a', 0xff, 'b', '\n', 0xc3, 0xa9);
  }

  @Test
  void an_edit_that_is_not_clear_says_how_to_make_it_so() {
    put("f", "a b a\n  indented\n  more\n");
    assertThat(error("edit_file", "{\"path\":\"f\",\"old_text\":\"a\",\"new_text\":\"x\"}"))
        .contains("occurs 2 times");
    assertThat(error("edit_file", "{\"path\":\"f\",\"old_text\":\"zz\",\"new_text\":\"x\"}"))
        .contains("not in the file");
    assertThat(
            error(
                "edit_file",
                "{\"path\":\"f\",\"old_text\":\"indented\\nmore\",\"new_text\":\"x\"}"))
        .contains("resembles line 2");
    assertThat(content("f")).startsWith("a b a");
    text(
        "edit_file", "{\"path\":\"f\",\"old_text\":\"a\",\"new_text\":\"x\",\"replace_all\":true}");
    assertThat(content("f")).startsWith("x b x");
  }

  @Test
  void after_a_crash_the_content_tells_what_happened() {
    put("f", "abb");
    Tool edit = tool("edit_file");
    Tool.Call call = call("{\"path\":\"f\",\"old_text\":\"ab\",\"new_text\":\"a\"}");
    assertThat(edit.lookUp(call)).isEqualTo(new Tool.Found.Absent());
    edit.call(call);
    assertThat(content("f")).isEqualTo("ab");
    assertThat(edit.lookUp(call)).isInstanceOf(Tool.Found.Happened.class);
    put("f", "abb");
    assertThat(edit.lookUp(call)).isEqualTo(new Tool.Found.Absent());
    put("f", "somebody else");
    assertThat(edit.lookUp(call)).isEqualTo(new Tool.Found.CannotTell());
    Tool write = tool("write_file");
    Tool.Call fresh = call("{\"path\":\"new\",\"content\":\"x\"}");
    assertThat(write.lookUp(fresh)).isEqualTo(new Tool.Found.Absent());
    write.call(fresh);
    assertThat(write.lookUp(fresh)).isInstanceOf(Tool.Found.Happened.class);
    files.delete("new", false);
    assertThat(write.lookUp(fresh)).isEqualTo(new Tool.Found.Absent());
  }

  @Test
  void the_policy_sees_the_path_as_written_and_where_it_leads() throws IOException {
    put(".ssh/id", "secret");
    Files.createSymbolicLink(home.resolve("notes"), Path.of(".ssh"));
    Tool.Call call = call("{\"path\":\"/home/agent/x/../notes/id\"}");
    assertThat(tool("read_file").demands(call.caller(), call.arguments()))
        .isEqualTo(List.of(new Demand.FileRead("notes/id"), new Demand.FileRead(".ssh/id")));
    Tool.Call plain = call("{\"path\":\"a/new\",\"content\":\"\"}");
    assertThat(tool("write_file").demands(plain.caller(), plain.arguments()))
        .isEqualTo(List.of(new Demand.FileWrite("a/new")));
    assertThat(tool("glob").demands(Json.parse("{\"pattern\":\"~/notes/*\"}")))
        .isEqualTo(List.of(new Demand.FileTree("notes", false)));
    Tool.Call search = call("{\"pattern\":\"x\",\"path\":\"notes\"}");
    assertThat(tool("grep").demands(search.caller(), search.arguments()))
        .isEqualTo(
            List.of(new Demand.FileTree("notes", false), new Demand.FileTree(".ssh", false)));
    assertThat(tool("checkpoint").demands(Json.parse("{\"name\":\"x\"}")))
        .isEqualTo(List.of(new Demand.FileTree(".", false)));
    assertThat(tool("restore").demands(Json.parse("{\"checkpoint\":\"x\"}")))
        .isEqualTo(List.of(new Demand.FileTree(".", true)));
    assertThat(tool("list_directory").demands(Json.parse("{}")))
        .isEqualTo(List.of(new Demand.FileRead(".")));
  }

  @Test
  void directories_are_made_listed_and_searched() {
    text("create_directory", "{\"path\":\"d/e\"}");
    assertThat(text("create_directory", "{\"path\":\"d/e\"}")).contains("already");
    put("d/a.md", "find me\n");
    assertThat(text("list_directory", "{\"path\":\"d\"}").lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("-rw-------") && line.endsWith("d/a.md"))
        .anyMatch(line -> line.startsWith("drwx------") && line.endsWith("d/e/"));
    assertThat(text("glob", "{\"pattern\":\"**/*.md\"}")).isEqualTo("d/a.md");
    assertThat(text("glob", "{\"pattern\":\"*.none\"}")).isEqualTo("No file matches.");
    assertThat(text("grep", "{\"pattern\":\"f.nd\"}")).isEqualTo("d/a.md:1:find me");
    assertThat(error("grep", "{\"pattern\":\"(\"}")).contains("RE2");
  }

  @Test
  void an_agent_goes_back_to_a_checkpoint_by_its_name() {
    put("f", "old");
    assertThat(text("checkpoint", "{\"name\":\"before\"}")).contains("ckp_");
    put("f", "new");
    assertThat(tool("restore").preview(call("{\"checkpoint\":\"before\"}"))).contains("'before'");
    text("restore", "{\"checkpoint\":\"before\"}");
    assertThat(content("f")).isEqualTo("old");
    assertThat(error("restore", "{\"checkpoint\":\"nope\"}")).contains("nope");
  }

  @Test
  void the_list_of_what_to_do_stays() {
    assertThat(text("todo", "{}")).isEqualTo("The list is empty.");
    text("todo", "{\"items\":[{\"text\":\"a\",\"status\":\"done\"},{\"text\":\"b\"}]}");
    assertThat(text("todo", "{}")).isEqualTo("[x] a\n[ ] b");
    text("todo", "{\"items\":[]}");
    assertThat(text("todo", "{}")).isEqualTo("The list is empty.");
  }
}
