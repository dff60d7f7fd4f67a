package dev.rookery.integrations;

import dev.rookery.kernel.*;
import dev.rookery.store.Tx;
import java.util.Optional;

public final class Integrations {
  public Optional<Integration> find(OrgId org, IntegrationId id) {
    return Optional.empty();
  }

  public Optional<Integration> find(Tx tx, OrgId org, IntegrationId id) {
    return Optional.empty();
  }
}
