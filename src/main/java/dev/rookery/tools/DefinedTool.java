package dev.rookery.tools;

import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.ToolId;
import dev.rookery.models.ToolSpec;
import dev.rookery.secrets.Vault;
import java.util.Map;

/**
 * An HTTP tool that an organization defined.
 *
 * @param sealed secret headers, each an envelope that only the vault opens
 */
public record DefinedTool(
    OrgId org,
    ToolId id,
    ToolSpec spec,
    Endpoint endpoint,
    Map<String, String> sealed,
    EffectClass effectClass,
    boolean enabled) {
  public DefinedTool {
    sealed = Map.copyOf(sealed);
  }

  static Vault.Field secret(OrgId org, ToolId id, String header) {
    return new Vault.Field(org, "tool", header, id.value());
  }

  @Override
  public String toString() {
    return "DefinedTool[" + id + " " + spec.name() + "]";
  }
}
