package dev.rookery.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.Hands;
import dev.rookery.House;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.OrgId;
import dev.rookery.ops.DataDir;
import dev.rookery.ops.Settings;
import dev.rookery.orgs.ApiKey;
import dev.rookery.orgs.Role;
import dev.rookery.secrets.ReversibleVault;
import dev.rookery.store.Databases;
import dev.rookery.store.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole HTTP server over a fresh database. Every answer is checked against the document. */
final class TestServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final House house;
  private final OrgId org;
  private final Runnable afterwards;
  private final Api api;
  private final URI url;
  private final Contract contract;
  private final FaxSetup setup = new FaxSetup();

  private TestServer(House house, OrgId org, Runnable afterwards) {
    this.house = house;
    this.org = org;
    this.afterwards = afterwards;
    this.api = new Api(rooms(house, setup), settings(0));
    this.url = URI.create("http://127.0.0.1:" + api.start());
    this.contract = new Contract(api.routes(), raw("GET", "/api/v1/openapi.json", null).json());
  }

  /** Over rooms in which somebody else moves things; they stay open. */
  static TestServer over(House house, OrgId org) {
    return new TestServer(house, org, () -> {});
  }

  /** Over rooms of its own, in which nothing moves. */
  static TestServer start() {
    DataDir dataDir = DataDir.open(directory(), NodeId.next());
    SwitchedDatabase database =
        new SwitchedDatabase(Databases.sqlite(dataDir.database(), InstantSource.system()));
    Settings settings = new Settings(dataDir.path(), "127.0.0.1", 0, null, null, Map.of());
    House house = new House(settings, dataDir, database, new ReversibleVault(), List.of());
    return new TestServer(
        house,
        house.orgs.defaultOrg().id(),
        () -> {
          house.close();
          dataDir.close();
          TestDatabases.deleteDirectory(dataDir.path());
        });
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory("rookery-api");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Api.Settings settings(int port) {
    return new Api.Settings(
        "127.0.0.1",
        port,
        "https://rook.example",
        new Api.About("0.1.0", NodeId.next(), Instant.now(), () -> "Commands run in a test."));
  }

  private static Rooms.Hands hands(Hands hands) {
    return new Rooms.Hands(
        hands.homes,
        hands.checkpoints,
        hands.homeTrust,
        hands.networks,
        hands.sandboxes,
        hands.tasks);
  }

  static Rooms rooms(House house, FaxSetup setup) {
    return new Rooms(
        new Rooms.Ground(
            house.database(),
            house.journal,
            house.audit,
            house.orgs,
            house.members,
            house.keys,
            house.hands.secrets),
        new Rooms.Domain(
            house.agents, house.tools, house.grants, house.integrations, house.models, house.spend),
        hands(house.hands),
        new Rooms.Flow(
            house.inbox,
            house.events,
            house.activations,
            house.runs,
            house.approvals,
            house.deliveries,
            house.artifacts),
        new Rooms.Waking(house.occurrences, house.webhooks, house.workers),
        new Rooms.Live(house.streams, Duration.ofMillis(250), Duration.ofSeconds(2)),
        new Rooms.Doors(
            house.receivers,
            List.of(setup),
            List.of(
                new Page("GET", "/page/{name}", c -> c.result("page " + c.pathParam("name"))),
                new Page(
                    "GET",
                    "/broken-page",
                    _ -> {
                      throw new IllegalStateException("broken");
                    })),
            new OneLoop()));
  }

  /** Vitals of a node with one loop. */
  private static final class OneLoop implements Vitals {
    @Override
    public int activeRuns() {
      return 3;
    }

    @Override
    public List<Pulse> loops() {
      return List.of(new Pulse("dispatch", true, 2));
    }
  }

  House house() {
    return house;
  }

  Api api() {
    return api;
  }

  Contract contract() {
    return contract;
  }

  SwitchedDatabase database() {
    return (SwitchedDatabase) house.database();
  }

  FaxSetup setup() {
    return setup;
  }

  OrgId org() {
    return org;
  }

  URI url() {
    return url;
  }

  /** A key of the default organization. */
  String key(Role role) {
    return key(org, role);
  }

  String key(OrgId of, Role role) {
    return house.keys.create(of, new ApiKey.Wish("test " + role.spelled(), role, null)).secret();
  }

  /** An answer with its body as JSON. */
  record Answer(int status, JsonNode json, HttpResponse<String> response) {
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String code() {
      return json.path("code").asText();
    }
  }

  Answer get(String key, String path) {
    return call("GET", path, key, null);
  }

  Answer post(String key, String path, String body) {
    return call("POST", path, key, body);
  }

  /** One call; the answer must be what the document says. */
  Answer call(String method, String path, @Nullable String key, @Nullable String body) {
    HttpRequest.Builder request = request(path);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    Answer answer =
        send(
            request.method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    contract.check(method, URI.create(path).getPath(), answer);
    return answer;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path));
  }

  Answer raw(String method, String path, @Nullable String key) {
    HttpRequest.Builder request = request(path).method(method, BodyPublishers.noBody());
    return send(key == null ? request : request.header("Authorization", "Bearer " + key));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode json =
          type.contains("json") && !response.body().isEmpty()
              ? Json.parse(response.body())
              : Json.object();
      return new Answer(response.statusCode(), json, response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    house.streams.close();
    client.close();
    api.close();
    afterwards.run();
  }
}
