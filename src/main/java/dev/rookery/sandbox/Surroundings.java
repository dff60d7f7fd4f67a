package dev.rookery.sandbox;

import dev.rookery.homes.AgentHome;
import dev.rookery.sandbox.confinement.Confinement;
import dev.rookery.sandbox.confinement.Network;
import java.util.HashMap;
import java.util.Map;

/** The environment variables of commands; nothing of the server's own is among them. */
record Surroundings(Confinement confinement, AgentHome home) {
  Map<String, String> of(Exec exec, String marker) {
    Map<String, String> all = usual(marker);
    if (exec.network() instanceof Network.Proxy proxy) {
      all.put("ROOKERY_EGRESS", confinement.socket(proxy));
      all.putAll(proxy.environment());
    }
    all.putAll(exec.environment());
    return all;
  }

  Map<String, String> usual(String marker) {
    String inside = confinement.home(home);
    Map<String, String> all = new HashMap<>();
    all.put("HOME", inside);
    all.put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin");
    all.put("LANG", "C.UTF-8");
    all.put("USER", "agent");
    all.put("LOGNAME", "agent");
    all.put("SHELL", "/bin/bash");
    all.put("TERM", "dumb");
    all.put("GIT_CONFIG_NOSYSTEM", "1");
    all.put("TMPDIR", confinement.ownProcessNamespace() ? "/tmp" : inside + "/.rookery/tmp");
    all.put(ProcessTable.MARKER, marker);
    return all;
  }
}
