package dev.rookery.api;

import static dev.rookery.api.Shape.Field.required;
import static dev.rookery.api.Shape.Kind.TEXT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.homes.Checkpoint;
import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.FileInfo;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.HomeTrust;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import java.util.Base64;

/** Homes of agents, for operators: their files, and their checkpoints. */
final class FileRoutes {
  private static final String AGENT = "/api/v1/agents/{id}";
  private static final String CHECKPOINT = AGENT + "/checkpoints/{checkpoint}";
  private static final int ENTRIES = 1_000;
  private static final int PART = 256 << 10;
  private static final Shape NEW_CHECKPOINT =
      Shape.of("NewCheckpoint", required("name", TEXT, "1 to 100 characters, for people"));

  private final Rooms.Domain domain;
  private final Rooms.Hands hands;

  FileRoutes(Rooms rooms) {
    this.domain = rooms.domain();
    this.hands = rooms.hands();
  }

  void enter(Routes routes) {
    routes
        .get(AGENT + "/files")
        .does("Lists a directory of an agent's home, or reads a part of a file")
        .allows(Access.OPERATOR)
        .query("path", "below the home; the home itself if not given")
        .query("offset", "first byte of the part of a file; 0 if not given")
        .answers(200, "FileView")
        .by(this::file);
    routes
        .get(AGENT + "/home")
        .does("Says whether an agent's home may hold words that nobody vouches for")
        .allows(Access.VIEWER)
        .answers(200, "HomeView")
        .by(this::home);
    routes
        .post(AGENT + "/home/trust")
        .does("Vouches for what an agent's home holds now")
        .allows(Access.ADMIN)
        .answers(200, "HomeView")
        .by(this::trust);
    enterCheckpoints(routes);
  }

  private void enterCheckpoints(Routes routes) {
    routes
        .get(AGENT + "/checkpoints")
        .does("Lists the checkpoints of an agent's home, newest first")
        .allows(Access.VIEWER)
        .answers(200, "CheckpointList")
        .by(this::checkpoints);
    routes
        .post(AGENT + "/checkpoints")
        .does("Keeps a copy of an agent's home")
        .allows(Access.OPERATOR)
        .takes(NEW_CHECKPOINT)
        .answers(201, "Checkpoint")
        .by(this::create);
    routes
        .post(CHECKPOINT + "/restore")
        .does("Makes the home what it was, after a backup; ends what runs in the sandbox")
        .allows(Access.OPERATOR)
        .answers(200, "Restored")
        .by(this::restore);
    routes
        .delete(CHECKPOINT)
        .does("Deletes a checkpoint")
        .allows(Access.OPERATOR)
        .answers(204, null)
        .by(this::delete);
  }

  private AgentId agent(Call call) {
    return domain.agents().require(call.org(), call.path("id")).id();
  }

  private Reply file(Call call) {
    HomeFiles files = hands.homes().of(call.org(), agent(call));
    String given = call.query("path");
    String path = files.real(given == null ? "." : given);
    FileInfo info = files.stat(path);
    ObjectNode body = view(info);
    if (info.isDirectory()) {
      HomeFiles.Listing listing = files.list(path, ENTRIES);
      var entries = body.putArray("entries");
      listing.entries().forEach(entry -> entries.add(view(entry)));
      body.put("more", listing.more());
    } else {
      HomeFiles.Slice part = files.read(path, call.number("offset", 0, 0, Long.MAX_VALUE), PART);
      body.put("offset", part.offset())
          .put("base64", Base64.getEncoder().encodeToString(part.bytes()))
          .put("more", part.more());
    }
    HomeFiles.Usage usage = files.usage();
    return Reply.ok(body.put("used", usage.used()).put("quota", usage.quota()));
  }

  private Reply home(Call call) {
    return Reply.ok(home(call, agent(call)));
  }

  private Reply trust(Call call) {
    AgentId agent = agent(call);
    hands.homeTrust().trust(call.org(), agent, call.by());
    return Reply.ok(home(call, agent));
  }

  private ObjectNode home(Call call, AgentId agent) {
    HomeTrust.Mark mark = hands.homeTrust().find(call.org(), agent).orElse(null);
    return Json.object()
        .put("agent", agent.value())
        .put("trusted", mark == null)
        .put("marked_by_run", mark == null ? null : mark.run().value())
        .put("marked_at", mark == null ? null : Times.of(mark.since()));
  }

  private static ObjectNode view(FileInfo file) {
    return Json.object()
        .put("path", file.path())
        .put("kind", file.kind())
        .put("size", file.size())
        .put("mode", file.permissions())
        .put("modified_at", Times.of(file.modified()))
        .put("target", file.target());
  }

  private Reply checkpoints(Call call) {
    return Reply.all(hands.checkpoints().list(call.org(), agent(call)), FileRoutes::view);
  }

  private Reply create(Call call) {
    AgentId agent = agent(call);
    String name = call.body(NEW_CHECKPOINT).text("name");
    return Reply.json(201, view(hands.checkpoints().create(call.org(), agent, name)));
  }

  private Reply restore(Call call) {
    Checkpoints.Restored done =
        hands.checkpoints().restore(call.org(), agent(call), call.path("checkpoint"));
    return Reply.ok(
        Json.object()
            .put("checkpoint", done.checkpoint().id().value())
            .put("backup", done.backup().id().value()));
  }

  private Reply delete(Call call) {
    hands.checkpoints().delete(call.org(), agent(call), call.path("checkpoint"));
    return Reply.nothing();
  }

  private static ObjectNode view(Checkpoint checkpoint) {
    return Json.object()
        .put("id", checkpoint.id().value())
        .put("agent", checkpoint.agent().value())
        .put("name", checkpoint.name())
        .put("kind", checkpoint.kind().label())
        .put("files", checkpoint.files())
        .put("size", checkpoint.size())
        .put("sha256", checkpoint.sha256())
        .put("created_at", Times.made(checkpoint.id()));
  }
}
