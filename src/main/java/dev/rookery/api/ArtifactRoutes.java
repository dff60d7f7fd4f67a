package dev.rookery.api;

import dev.rookery.delivery.Artifact;
import dev.rookery.delivery.Artifacts;
import dev.rookery.kernel.ArtifactId;
import dev.rookery.kernel.Ids;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.RunId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What runs made and events brought. Files leave as attachments only. */
final class ArtifactRoutes {
  static final String OCTETS = "application/octet-stream";

  /** What a browser may know the type of: nothing in it is run. */
  private static final Set<String> HARMLESS =
      Set.of("text/plain", "image/png", "image/jpeg", "image/gif", "image/webp");

  private static final String ARTIFACT = "/api/v1/artifacts/{id}";

  private final Artifacts artifacts;

  ArtifactRoutes(Rooms rooms) {
    this.artifacts = rooms.flow().artifacts();
  }

  void enter(Routes routes) {
    routes
        .get("/api/v1/artifacts")
        .does("Lists what runs made and events brought")
        .allows(Access.VIEWER)
        .query("run", "id")
        .query("kind", "message or file")
        .pages("ArtifactList")
        .by(this::list);
    routes
        .get(ARTIFACT)
        .does("Shows an artifact")
        .allows(Access.VIEWER)
        .answers(200, "Artifact")
        .by(call -> Reply.ok(RunView.of(artifact(call))));
    routes
        .get(ARTIFACT + "/content")
        .does("Downloads a file, as an attachment")
        .allows(Access.VIEWER)
        .answers(200, "Bytes")
        .by(this::content);
  }

  private Artifact artifact(Call call) {
    return artifacts.find(call.org(), call.id("artifact", "art", ArtifactId::new));
  }

  private Reply list(Call call) {
    int limit = call.limit();
    String run = call.query("run");
    if (run != null) {
      Ids.check("run", run);
    }
    List<Artifact> found =
        artifacts.list(
            call.org(),
            new Artifacts.Query(
                run == null ? null : new RunId(run),
                call.query("kind"),
                call.before(ArtifactId::new),
                limit + 1));
    return Reply.page(found, limit, artifact -> artifact.id().value(), RunView::of);
  }

  private Reply content(Call call) {
    Artifact artifact = artifact(call);
    byte[] body =
        artifacts
            .body(call.org(), artifact)
            .orElseThrow(
                () ->
                    new Refusal(
                        Refusal.Kind.NOT_FOUND,
                        "artifact-without-content",
                        "Artifact "
                            + artifact.id()
                            + " is a "
                            + artifact.kind()
                            + " whose content is not kept here; see its remote_id."));
    String type = HARMLESS.contains(artifact.mediaType()) ? artifact.mediaType() : OCTETS;
    String name = URLEncoder.encode(artifact.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return new Reply(
        200,
        type,
        body,
        Map.of(
            "Content-Disposition",
            "attachment; filename=\"" + artifact.id() + "\"; filename*=UTF-8''" + name));
  }
}
