package dev.rookery.sandbox.confinement;

import dev.rookery.homes.SandboxHomes;
import dev.rookery.posix.Libc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the homes are for the users of agents. The data directory is closed to all but the server's
 * user; as root the homes are therefore bound to another place, in a mount namespace that only the
 * threads have that start sandboxes.
 *
 * @param place where they are bound to; null when they are used where they lie
 */
public record HomesView(Path homes, @Nullable Path place) {
  private static final long NEW_MOUNT_NAMESPACE = 0x20000;
  private static final long BIND = 4096 | 16384;
  private static final long RECEIVE_ONLY = 16384 | 1 << 19;
  private static final List<String> PLACES = List.of("/mnt", "/media", "/srv", "/opt");

  /** As root, with the first place that the host has and the homes are not in. */
  public static HomesView of(SandboxHomes homes) {
    if (!homes.ownUsers()) {
      return unbound(homes);
    }
    Path place =
        PLACES.stream()
            .map(Path::of)
            .filter(p -> Files.isDirectory(p) && !homes.root().startsWith(p))
            .findFirst()
            .orElse(null);
    return new HomesView(homes.root(), place);
  }

  /** The homes where they lie. */
  public static HomesView unbound(SandboxHomes homes) {
    return new HomesView(homes.root(), null);
  }

  /** Binds the homes, for the calling thread and what it starts. */
  void enter() {
    if (place == null) {
      return;
    }
    Libc.must("a mount namespace", Libc.unshare(NEW_MOUNT_NAMESPACE));
    Libc.must("closing the mount namespace", Libc.mount("none", "/", RECEIVE_ONLY));
    Libc.must("binding the homes", Libc.mount(homes.toString(), place.toString(), BIND));
  }

  /** The path as an agent's user reaches it. */
  Path inside(Path path) {
    return place == null || !path.startsWith(homes) ? path : place.resolve(homes.relativize(path));
  }
}
