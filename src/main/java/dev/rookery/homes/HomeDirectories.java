package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Who lives where. */
public interface HomeDirectories {
  /** The agent's home, made if need be. */
  Home of(OrgId org, AgentId agent);

  /** Homes below one directory of the server, all of the user that it runs as. */
  static HomeDirectories below(Path directory) {
    return (org, agent) -> {
      Path home = directory.resolve(org.value()).resolve(agent.value()).toAbsolutePath();
      try {
        if (!Files.isDirectory(home)) {
          Files.createDirectories(
              home,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the home " + home + " cannot be made", e);
      }
      return new Home(home, null);
    };
  }
}
