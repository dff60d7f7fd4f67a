package dev.rookery.tools;

import dev.rookery.kernel.*;
import java.util.List;

public final class Tools {
  public List<Tool> forAgent(OrgId org, AgentId id) {
    return List.of();
  }
}
