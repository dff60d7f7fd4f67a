package dev.rookery.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.demo.Screen.Tone;
import dev.rookery.kernel.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      "Show on this machine that nothing is lost or repeated, also when the server is killed.",
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

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--keep", description = "Leave the temporary directory and the server's log.")
  private boolean keep;

  /** Writes to the streams of the process, as UTF-8. */
  public DemoCommand() {
    this(utf8(FileDescriptor.out), utf8(FileDescriptor.err));
  }

  DemoCommand(PrintStream out, PrintStream err) {
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
    try (Workplace workplace = new Workplace(keep, screen::mute)) {
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
      String seconds = String.format(Locale.ROOT, "%.1f s", report.took().toMillis() / 1000.0);
      screen.line(
          report.ok()
              ? "  " + screen.paint("All of it holds.", Tone.GOOD) + " It took " + seconds + "."
              : "  "
                  + screen.paint("Not all of it holds.", Tone.BAD)
                  + " It took "
                  + seconds
                  + ".");
    }
    if (workplace.kept()) {
      tellWhereToLook(workplace);
    }
    return report.ok() ? 0 : 1;
  }

  private int failed(String why, @Nullable Workplace workplace, @Nullable String json) {
    if (json != null) {
      out.println(Json.write(Json.object().put("ok", false).put("error", why)));
    }
    err.println();
    err.println("rookery demo: " + why);
    if (workplace != null) {
      workplace.keep();
      tellWhereToLook(workplace);
    }
    return 1;
  }

  private void tellWhereToLook(Workplace workplace) {
    err.println("  the server's log  " + workplace.place().log());
    err.println("  its data          " + workplace.place().dataDir());
    err.println(
        "  look at it with   rookery up --data-dir "
            + workplace.place().dataDir()
            + ", then delete "
            + workplace.directory());
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
