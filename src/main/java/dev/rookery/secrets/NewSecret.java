package dev.rookery.secrets;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.HostPattern;
import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a new secret shall be. Refused as {@code bad-name}, {@code bad-host}, {@code bad-prefix} or
 * {@code bad-secret}.
 *
 * @param name {@code [A-Za-z][A-Za-z0-9_]{0,63}}, as in <code>{{secret:NAME}}</code>
 * @param hosts 1 to 20, none of them all hosts or all of a top-level domain
 * @param prefix up to 64 printable characters
 * @param value 8 to 4,096 printable ASCII characters; a shorter one could not be told from ordinary
 *     text in an answer
 * @param agents that may use it; null means all of the organization
 */
public record NewSecret(
    String name,
    List<HostPattern> hosts,
    SecretPlace place,
    String prefix,
    String value,
    @Nullable List<AgentId> agents) {
  static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
  private static final Pattern PREFIX = Pattern.compile("[ -~]{0,64}");
  private static final Pattern VALUE = Pattern.compile("[!-~][ -~]{6,4094}[!-~]");

  public NewSecret {
    hosts = hosts.stream().distinct().toList();
    agents = agents == null ? null : agents.stream().distinct().toList();
    if (!NAME.matcher(name).matches()) {
      throw Refusal.badInput(
          "bad-name",
          "'%s' is not a secret's name: 1 to 64 letters, digits and _, starting with a letter.",
          Text.brief(Text.clean(name), 80));
    }
    if (hosts.isEmpty() || hosts.size() > 20) {
      throw Refusal.badInput("bad-host", "A secret is bound to 1 to 20 hosts.");
    }
    for (HostPattern host : hosts) {
      if (host.any() || host.text().matches("\\*\\.[^.]+")) {
        throw Refusal.badInput(
            "bad-host", "A secret cannot be bound to all hosts of %s; name them.", host.text());
      }
    }
    if (!PREFIX.matcher(prefix).matches()) {
      throw Refusal.badInput(
          "bad-prefix", "The prefix of a secret has up to 64 printable ASCII characters.");
    }
    checkValue(name, value);
  }

  static void checkValue(String name, String value) {
    if (!VALUE.matcher(value).matches()) {
      throw Refusal.badInput(
          "bad-secret",
          "The value for %s cannot be kept: it must have 8 to 4,096 printable ASCII characters and"
              + " no space at its ends. Nothing was stored.",
          name);
    }
  }

  /** Without the value. */
  @Override
  public String toString() {
    return "NewSecret[" + name + "]";
  }
}
