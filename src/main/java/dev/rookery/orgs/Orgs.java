package dev.rookery.orgs;

import dev.rookery.kernel.*;
import org.jspecify.annotations.Nullable;

public final class Orgs {
  public @Nullable String model(OrgId org) {
    return null;
  }
}
