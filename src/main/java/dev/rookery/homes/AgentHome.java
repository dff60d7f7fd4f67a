package dev.rookery.homes;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import java.nio.file.Path;

/**
 * The persistent home directory of one agent.
 *
 * @param path on the host, {@code <data>/homes/<org>/<agent>}, mode 0700
 * @param user the user that owns it and runs the agent's commands; the server's own unless that is
 *     root
 */
public record AgentHome(OrgId org, AgentId agent, Path path, int user) {}
