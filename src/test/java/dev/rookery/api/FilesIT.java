package dev.rookery.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.agents.NewAgent;
import dev.rookery.homes.Expected;
import dev.rookery.homes.HomeFiles;
import dev.rookery.kernel.AgentId;
import dev.rookery.orgs.Role;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What operators see of the home of an agent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesIT {
  private final TestServer server = TestServer.start();
  private final String key = server.key(Role.OPERATOR);
  private final AgentId agent =
      server.house().agents.create(server.org(), new NewAgent("rook", "Rook", "", null)).id();
  private final HomeFiles files = server.house().hands.homes.of(server.org(), agent);

  @AfterAll
  void close() {
    server.close();
  }

  @Test
  void an_operator_lists_directories_and_reads_files_in_parts() {
    byte[] bytes = new byte[300_000];
    bytes[299_999] = 7;
    files.write("d/big", bytes, Expected.ANYTHING);
    var listing = server.get(key, "/api/v1/agents/rook/files?path=d").json();
    assertThat(listing.at("/entries/0/path").asText()).isEqualTo("d/big");
    assertThat(listing.path("used").asLong()).isPositive();
    var first = server.get(key, "/api/v1/agents/rook/files?path=d/big").json();
    assertThat(first.path("more").asBoolean()).isTrue();
    int seen = Base64.getDecoder().decode(first.path("base64").asText()).length;
    var rest = server.get(key, "/api/v1/agents/rook/files?path=d/big&offset=" + seen).json();
    assertThat(Base64.getDecoder().decode(rest.path("base64").asText()))
        .hasSize(300_000 - seen)
        .endsWith(7);
    assertThat(server.get(key, "/api/v1/agents/rook/files?path=../x").code())
        .isEqualTo("path-outside-home");
    assertThat(server.get(key, "/api/v1/agents/rook/files?path=none").status()).isEqualTo(404);
  }

  @Test
  void an_operator_makes_restores_and_deletes_checkpoints() {
    files.write("f", new byte[] {1}, Expected.ANYTHING);
    String all = "/api/v1/agents/rook/checkpoints";
    var made = server.post(key, all, "{\"name\":\"one\"}");
    assertThat(made.status()).isEqualTo(201);
    String id = made.json().path("id").asText();
    files.write("f", new byte[] {2}, Expected.ANYTHING);
    var done = server.post(key, all + "/" + id + "/restore", "{}");
    assertThat(done.status()).isEqualTo(200);
    assertThat(files.read("f", 0, 9).bytes()).containsExactly(1);
    assertThat(server.get(key, all).json().path("items")).hasSize(2);
    assertThat(server.call("DELETE", all + "/" + id, key, null).status()).isEqualTo(204);
    assertThat(server.post(key, all + "/" + id + "/restore", "{}").code())
        .isEqualTo("checkpoint-not-found");
  }
}
