package dev.rookery.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rookery.cli.Finding.Level;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code doctor}. */
@Command(
    name = "doctor",
    description = {
      "Check the installation, and say how to mend it. Nothing is changed.",
      "Exit code 1 when a check fails.",
    },
    footer = {
      "  rookery doctor",
      "  rookery doctor --json",
      "  rookery doctor --data-dir /var/lib/rookery"
    })
final class DoctorCommand implements Callable<Integer> {
  private final Context context;

  DoctorCommand(Context context) {
    this.context = context;
  }

  /** One check; what it throws is a failed check. */
  private interface Check {
    Finding run() throws IOException;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    LocalChecks local = new LocalChecks(context.files(), context.terminal());
    findings.add(result("jdk", local::jdk));
    findings.add(result("data-dir", local::dataDir));
    findings.add(result("key", local::key));
    findings.add(result("disk", local::disk));
    if (knowsServer()) {
      withServer(findings);
    } else {
      findings.add(result("database", local::database));
      findings.add(result("port", local::port));
      findings.add(result("model", local::model));
      findings.add(
          Finding.info("server", "None is running; start it with: " + Program.name() + " up"));
    }
    findings.add(result("sandbox", local::sandbox));
    findings.add(result("network", local::network));
    boolean failed = findings.stream().anyMatch(f -> f.level() == Level.FAIL);
    print(findings, failed);
    return failed ? Exit.FAILED : Exit.OK;
  }

  /** A server that was named, or one whose process lives. */
  private boolean knowsServer() {
    return context.options().server() != null
        || context.terminal().env("ROOKERY_URL") != null
        || context.files().server().filter(LocalFiles.Server::alive).isPresent();
  }

  private void withServer(List<Finding> findings) {
    ServerChecks server = new ServerChecks(context.api());
    Finding reachable = result("server", server::reachable);
    findings.add(reachable);
    if (reachable.level() == Level.OK) {
      findings.add(result("database", server::ready));
      findings.addAll(server.inside());
    }
  }

  private static Finding result(String name, Check check) {
    try {
      return check.run();
    } catch (CliFailure failure) {
      return Finding.fail(name, failure.text(), "Mend this, then run doctor again.");
    } catch (Refusal refusal) {
      return Finding.fail(name, refusal.getMessage(), "Mend this, then run doctor again.");
    } catch (IOException e) {
      return Finding.fail(name, e.toString(), "Is it another user's? Run doctor as its owner.");
    }
  }

  private void print(List<Finding> findings, boolean failed) {
    ObjectNode report = Json.object().put("ok", !failed);
    ArrayNode checks = report.putArray("checks");
    findings.forEach(finding -> checks.add(finding.json()));
    Output output = context.output();
    Style style = context.style();
    output.one(
        report,
        () -> {
          for (Finding finding : findings) {
            String label = finding.level().label();
            String padded =
                style.paint(label, Style.Tone.of(label)) + " ".repeat(6 - label.length());
            output.line(padded + finding.check() + ": " + Glyphs.line(finding.what()));
            if (!finding.next().isEmpty()) {
              output.line("      → " + finding.next());
            }
          }
        });
  }
}
