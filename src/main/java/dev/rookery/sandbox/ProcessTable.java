package dev.rookery.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All processes of the host at one moment, from {@code /proc}. */
final class ProcessTable {
  /** Variable that names the command in the tiers that have no process namespace. */
  static final String MARKER = "ROOKERY_SANDBOX";

  private static final Path PROC = Path.of("/proc");
  private static final long PAGE = 4096;

  /**
   * One process.
   *
   * @param threads how many it has
   * @param started ticks after the start of the machine
   * @param resident bytes in memory
   */
  record Entry(long pid, long parent, long session, int threads, long started, long resident) {}

  private final Map<Long, Entry> entries = new HashMap<>();
  private final Map<Long, List<Entry>> children = new HashMap<>();

  private ProcessTable() {}

  static ProcessTable now() {
    ProcessTable table = new ProcessTable();
    for (long pid : pids()) {
      try {
        table.add(
            parse(Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1)));
      } catch (IOException _) {
        // It has ended meanwhile.
      }
    }
    return table;
  }

  private static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      all.forEach(path -> pids.add(Long.parseLong(path.getFileName().toString())));
    } catch (IOException _) {
      return pids;
    }
    return pids;
  }

  /** The name of the program stands in parentheses and may hold anything, parentheses too. */
  static Entry parse(String stat) {
    long pid = Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new Entry(
        pid,
        Long.parseLong(fields[1]),
        Long.parseLong(fields[3]),
        Integer.parseInt(fields[17]),
        Long.parseLong(fields[19]),
        Long.parseLong(fields[21]) * PAGE);
  }

  private void add(Entry entry) {
    entries.put(entry.pid(), entry);
    children.computeIfAbsent(entry.parent(), _ -> new ArrayList<>()).add(entry);
  }

  boolean has(long pid) {
    return entries.containsKey(pid);
  }

  List<Entry> childrenOf(long pid) {
    return children.getOrDefault(pid, List.of());
  }

  /** What the process started, directly or not, without itself. */
  List<Entry> descendants(long pid) {
    List<Entry> found = new ArrayList<>();
    Deque<Entry> open = new ArrayDeque<>(childrenOf(pid));
    while (!open.isEmpty()) {
      Entry entry = open.pop();
      found.add(entry);
      open.addAll(childrenOf(entry.pid()));
    }
    return found;
  }

  /** All whose session this process leads. */
  List<Entry> session(long leader) {
    return entries.values().stream().filter(e -> e.session() == leader).toList();
  }

  /** Bytes in memory of the process and all that it started. */
  long resident(long pid) {
    Entry self = entries.get(pid);
    return (self == null ? 0 : self.resident())
        + descendants(pid).stream().mapToLong(Entry::resident).sum();
  }

  /** Processes and threads of a user, which is what the system's limit counts. */
  int tasksOf(int user) {
    int tasks = 0;
    for (Entry entry : entries.values()) {
      try {
        if ((Integer) Files.getAttribute(PROC.resolve(Long.toString(entry.pid())), "unix:uid")
            == user) {
          tasks += entry.threads();
        }
      } catch (IOException _) {
        // It has ended meanwhile.
      }
    }
    return tasks;
  }

  /** Those that carry a marker which starts so, in their arguments or their first environment. */
  List<Entry> marked(String prefix) {
    return entries.values().stream().filter(e -> isMarked(e.pid(), prefix)).toList();
  }

  /** As {@link #marked}, looking only at those that are not older than this process. */
  List<Entry> marked(String prefix, long started) {
    return entries.values().stream()
        .filter(e -> e.started() >= started && isMarked(e.pid(), prefix))
        .toList();
  }

  /** When the process began, in the ticks of {@link Entry#started}; 0 when it is gone. */
  static long started(long pid) {
    String stat = read(pid, "stat");
    return stat.isEmpty() ? 0 : parse(stat).started();
  }

  static boolean isMarked(long pid, String prefix) {
    return read(pid, "cmdline").contains("\0--hostname\0" + prefix)
        || ("\0" + read(pid, "environ")).contains("\0" + MARKER + "=" + prefix);
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(pid + "/" + file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /** Whether it runs under a filter and can gain no privileges, as all commands of a sandbox do. */
  static boolean isConfined(long pid) {
    String status = read(pid, "status");
    return status.contains("\nNoNewPrivs:\t1\n") && status.contains("\nSeccomp:\t2\n");
  }
}
