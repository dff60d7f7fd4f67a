package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.kernel.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code rookery demo}: proves the product's promise on this machine in about a minute, without an
 * account, a key or a network. Exit code 0 when all of it holds, 1 otherwise.
 */
@Command(
    name = "demo",
    description = {
      "Show on this machine that nothing is lost or repeated, also when the server is killed, and",
      "that an agent does nothing that people did not allow, stopped, or have no money for.",
      "Needs no account, no key and no network, and touches none of your data."
    },
    footer = {
      "  rookery demo                            watch it, about a minute",
      "  rookery demo --json                     the counts, for a program",
      "  rookery demo --keep                     look at the database afterwards",
    })
public final class DemoCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  private final Path temporary;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--keep", description = "Leave the temporary directory and the server's log.")
  private boolean keep;

  /** Writes to the streams of the process, as UTF-8. */
  public DemoCommand() {
    this(
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  DemoCommand(PrintStream out, PrintStream err, Path temporary) {
    this.temporary = temporary;
    this.out = out;
    this.err = err;
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  @Override
  public Integer call() {
    String json = inherited("--json");
    Screen screen =
        json == null
            ? Screen.of(out, System.getenv(), Boolean.parseBoolean(inherited("--no-color")))
            : Screen.none();
    try (Workplace workplace = new Workplace(temporary, keep, screen::mute)) {
      return play(workplace, screen, json);
    } catch (DemoFailure e) {
      return failed(e.getMessage(), null, json);
    }
  }

  /** Catches before the workplace is closed, so that what went wrong can be looked at. */
  private int play(Workplace workplace, Screen screen, @Nullable String json) {
    try (LocalBotApi bot = LocalBotApi.start();
        ToolServer tools = ToolServer.start()) {
      Report report = new Demo(screen, workplace, bot, tools).play();
      return finished(report, workplace, screen, json);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("The demonstration was interrupted.", workplace, json);
    } catch (DemoFailure e) {
      return failed(e.getMessage(), workplace, json);
    } catch (RuntimeException e) {
      return failed("The demonstration broke: " + e, workplace, json);
    }
  }

  private int finished(Report report, Workplace workplace, Screen screen, @Nullable String json) {
    if (!report.ok()) {
      workplace.keep();
    }
    if (json != null) {
      out.println(Json.write(only(report.json(), json)));
    } else {
      report.show(screen);
    }
    if (workplace.kept()) {
      tellWhereToLook(workplace, json == null ? out : err);
    }
    return report.exitCode();
  }

  private int failed(String why, @Nullable Workplace workplace, @Nullable String json) {
    if (json != null) {
      out.println(Json.write(Json.object().put("ok", false).put("error", why)));
    }
    err.println();
    err.println("rookery demo: " + why);
    if (workplace != null) {
      workplace.keep();
      tellWhereToLook(workplace, err);
    }
    return 1;
  }

  private static void tellWhereToLook(Workplace workplace, PrintStream stream) {
    stream.println();
    stream.println("  The server's log:   " + workplace.place().log());
    stream.println(
        "  Start it again:     " + program() + " up --data-dir " + workplace.place().dataDir());
    stream.println("  Remove it:          rm -r " + workplace.directory());
  }

  /** As a line to paste: what started us. */
  private static String program() {
    String launcher = System.getProperty("rookery.launcher");
    if (launcher == null) {
      return "rookery";
    }
    Path here = Path.of("").toAbsolutePath();
    return here.equals(Path.of(launcher).getParent()) ? "./rookery" : launcher;
  }

  /** The value of an option that the command line gives to all commands; null when not given. */
  private @Nullable String inherited(String name) {
    OptionSpec option = spec == null ? null : spec.findOption(name);
    Object value = option == null ? null : option.getValue();
    return value == null ? null : value.toString();
  }

  /** The fields of {@code --json=a,b}; all of them for a bare {@code --json}. */
  private static ObjectNode only(ObjectNode json, String fields) {
    List<String> wanted = new ArrayList<>(List.of(fields.split(",", -1)));
    return wanted.contains("*") || wanted.contains("")
        ? json
        : json.retain(wanted.stream().map(String::strip).toList());
  }
}
