package dev.rookery.policy;

import dev.rookery.policy.Spec.Kind;
import dev.rookery.policy.shell.Assignment;
import dev.rookery.policy.shell.Word;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** All rules of one verdict, by what they are about. Filled once, then only read. */
final class Layer {
  private final boolean allows;
  private final Map<String, Grant> tools = new HashMap<>();
  private final List<Entry<Glob>> starts = new ArrayList<>();
  private final Map<Capability, Grant> classes = new EnumMap<>(Capability.class);
  private final Map<Kind, Grant> wholes = new EnumMap<>(Kind.class);
  private final List<Entry<ShellPattern>> shell = new ArrayList<>();
  private final Map<Kind, List<Entry<Glob>>> files = new EnumMap<>(Kind.class);
  private final List<Entry<Spec.Web>> web = new ArrayList<>();
  private final List<Entry<Spec.Server>> servers = new ArrayList<>();
  private final List<Entry<Spec.Message>> messages = new ArrayList<>();

  /** A rule with what it matches. */
  record Entry<T>(T what, Grant grant) {}

  Layer(Grant.Verdict verdict) {
    this.allows = verdict == Grant.Verdict.ALLOW;
  }

  void add(Grant grant) {
    switch (SpecRules.read(grant.rule())) {
      case Spec.Named(Glob tool) when tool.isLiteral() -> tools.putIfAbsent(grant.rule(), grant);
      case Spec.Named(Glob tool) -> starts.add(new Entry<>(tool, grant));
      case Spec.Classed(Capability capability) -> classes.putIfAbsent(capability, grant);
      case Spec.Whole(Kind kind) -> {
        wholes.putIfAbsent(kind, grant);
        tools.putIfAbsent(grant.rule(), grant);
      }
      case Spec.Shell(ShellPattern pattern) -> shell.add(new Entry<>(pattern, grant));
      case Spec.Files(Kind kind, Glob path) ->
          files.computeIfAbsent(kind, _ -> new ArrayList<>()).add(new Entry<>(path, grant));
      case Spec.Web it -> web.add(new Entry<>(it, grant));
      case Spec.Server it -> servers.add(new Entry<>(it, grant));
      case Spec.Message it -> messages.add(new Entry<>(it, grant));
    }
  }

  /** The rule on every call of such a tool. An allowed class must go for all that a tool can do. */
  @Nullable Grant broad(String tool, Set<Capability> capabilities) {
    Grant byName = tools.get(tool);
    if (byName != null) {
      return byName;
    }
    for (Entry<Glob> start : starts) {
      if (start.what().must(tool)) {
        return start.grant();
      }
    }
    return classes.isEmpty() ? null : byClass(capabilities);
  }

  private @Nullable Grant byClass(Set<Capability> capabilities) {
    Grant found = null;
    for (Map.Entry<Capability, Grant> entry : classes.entrySet()) {
      if (found == null && capabilities.contains(entry.getKey())) {
        found = entry.getValue();
      }
    }
    boolean tooLittle = allows && !classes.keySet().containsAll(capabilities);
    return tooLittle ? null : found;
  }

  @Nullable Grant whole(Kind kind) {
    return wholes.get(kind);
  }

  /** Whether rules look into command lines, so that what cannot be seen matters. */
  boolean looksIntoCommands() {
    return !shell.isEmpty() || !files.isEmpty();
  }

  List<Entry<ShellPattern>> shell() {
    return shell;
  }

  boolean looksAt(Kind kind) {
    return files.containsKey(kind);
  }

  /** The rule on some command that this one may become. */
  @Nullable Grant mayCommand(List<Assignment> set, List<Word> argv) {
    for (Entry<ShellPattern> entry : shell) {
      if (entry.what().may(set, argv)) {
        return entry.grant();
      }
    }
    return null;
  }

  /** The rule on what is touched, apart from command lines. */
  @Nullable Grant typed(Demand demand) {
    return switch (demand) {
      case Demand.Plain() -> null;
      case Demand.Command _ -> null;
      case Demand.FileRead(String path) -> file(Kind.READ, path);
      case Demand.FileWrite(String path) -> file(Kind.WRITE, path);
      case Demand.FileTree(String path, boolean written) ->
          file(written ? Kind.WRITE : Kind.READ, path, this::namesTree);
      case Demand.Http http -> http(http);
      case Demand.Send(String channel, String to) -> message(channel, to);
      case Demand.Mcp(String server, String tool) -> server(server, tool);
    };
  }

  @Nullable Grant file(Kind kind, String path) {
    return file(kind, path, Glob::must);
  }

  /** Deny and ask rules name a tree that may hold what they are about, allow rules all of it. */
  private boolean namesTree(Glob glob, String path) {
    String below = PathRules.below(path);
    return allows ? glob.must(path) && glob.must(below) : glob.may(path) || glob.may(below);
  }

  private @Nullable Grant file(Kind kind, String path, BiPredicate<Glob, String> names) {
    Grant whole = wholes.get(kind);
    List<Entry<Glob>> entries = files.get(kind);
    if (whole != null || entries == null) {
      return whole;
    }
    boolean crooked = PathRules.isCrooked(path);
    for (Entry<Glob> entry : entries) {
      if (crooked ? !allows : names.test(entry.what(), path)) {
        return entry.grant();
      }
    }
    return null;
  }

  private @Nullable Grant http(Demand.Http http) {
    Grant whole = wholes.get(Kind.HTTP);
    if (whole != null) {
      return whole;
    }
    for (Entry<Spec.Web> entry : web) {
      Spec.Web spec = entry.what();
      if ((spec.methods().isEmpty() || spec.methods().contains(http.method()))
          && (spec.ports().isEmpty() || spec.ports().contains(http.port()))
          && (spec.host() == null || spec.host().must(http.host()))
          && (spec.path() == null || path(spec.path(), http.path()))) {
        return entry.grant();
      }
    }
    return null;
  }

  private boolean path(Glob glob, String path) {
    return PathRules.isCrookedRequest(path) ? !allows : glob.must(PathRules.withoutQuery(path));
  }

  private @Nullable Grant server(String server, String tool) {
    Grant whole = wholes.get(Kind.MCP);
    if (whole != null) {
      return whole;
    }
    for (Entry<Spec.Server> entry : servers) {
      if (entry.what().server().must(server) && entry.what().tool().must(tool)) {
        return entry.grant();
      }
    }
    return null;
  }

  private @Nullable Grant message(String channel, String to) {
    Grant whole = wholes.get(Kind.SEND);
    if (whole != null) {
      return whole;
    }
    for (Entry<Spec.Message> entry : messages) {
      Spec.Message spec = entry.what();
      if ((spec.channel() == null || spec.channel().must(channel))
          && (spec.destination() == null || spec.destination().must(to))) {
        return entry.grant();
      }
    }
    return null;
  }

  /** Whether some call of the tool may be meant. */
  boolean mayConcern(String tool, Set<Capability> capabilities) {
    if (tools.containsKey(tool)
        || starts.stream().anyMatch(start -> start.what().must(tool))
        || classes.keySet().stream().anyMatch(capabilities::contains)) {
      return true;
    }
    for (Kind kind : Kind.values()) {
      if (has(kind) && KindRules.mayMake(kind, tool, capabilities)) {
        return true;
      }
    }
    return false;
  }

  private boolean has(Kind kind) {
    return wholes.containsKey(kind)
        || switch (kind) {
          case BASH -> !shell.isEmpty();
          case READ, WRITE -> files.containsKey(kind);
          case HTTP -> !web.isEmpty();
          case MCP -> !servers.isEmpty();
          case SEND -> !messages.isEmpty();
        };
  }
}
