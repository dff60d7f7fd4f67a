package dev.rookery.sandbox.confinement;

import dev.rookery.homes.AgentHome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command as a tier starts it.
 *
 * @param directory inside
 * @param marker argument and variable by which the sweep knows orphans of a killed server
 * @param terminal device of a terminal on the host, or null
 */
public record Plan(
    AgentHome home,
    List<String> argv,
    Map<String, String> environment,
    String directory,
    Limits limits,
    Network network,
    String marker,
    @Nullable String terminal) {}
