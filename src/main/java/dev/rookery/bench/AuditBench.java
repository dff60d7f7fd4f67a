package dev.rookery.bench;

import dev.rookery.activation.ActivationPolicy;
import dev.rookery.audit.Verification;
import dev.rookery.journal.JournalEntry;
import dev.rookery.kernel.Acting;
import dev.rookery.kernel.Actor;
import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.KeyId;
import dev.rookery.kernel.OrgId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code bench audit}. */
@Command(
    name = "audit",
    description = {
      "Changes of policies per second, by Rookery itself and on behalf of an API key, which are"
          + " audited; and the verification of a chain of 100,000 records."
    },
    footer = "  rookery bench audit --json")
final class AuditBench implements Callable<Integer> {
  private static final Actor KEY = new Actor.ApiKey(KeyId.next(), "bench", null);
  private static final int CALLERS = 16;
  private static final int AT_ONCE = 500;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  /** For picocli, which fills in the fields. */
  @SuppressWarnings("NullAway")
  AuditBench() {}

  @Override
  public Integer call() {
    return new Bench(spec, options).run(this::measure);
  }

  private void measure(Report report, Progress progress) throws InterruptedException {
    try (BenchNode node = BenchNode.start(options.directory("audit"), options.databaseUrl())) {
      List<ActivationPolicy> policies = policies(node);
      edits(node, policies, Acting.SYSTEM);
      edits(node, policies, KEY);
      List<Double> plain = new ArrayList<>();
      List<Double> audited = new ArrayList<>();
      for (int i = 1; i <= options.rounds(); i++) {
        plain.add(edits(node, policies, Acting.SYSTEM));
        audited.add(edits(node, policies, KEY));
        progress.say("edits: round %d".formatted(i));
      }
      report.add(Figure.of("changes that are not audited", plain, "/s", null));
      report.add(Figure.of("changes that are audited", audited, "/s", null));
      verify(node, report, progress);
    }
  }

  private static List<ActivationPolicy> policies(BenchNode node) {
    AgentId agent = node.house().agents.list(node.org(), null, 1).getFirst().id();
    return node.house().activations.policies(node.org(), agent);
  }

  private double edits(BenchNode node, List<ActivationPolicy> policies, Actor actor)
      throws InterruptedException {
    int edits = options.size(4_000, 40);
    long start = System.nanoTime();
    Callers.each(
        CALLERS,
        edits,
        i -> {
          ActivationPolicy policy = policies.get(i % policies.size());
          Acting.as(
              actor, () -> node.house().activations.change(node.org(), policy.id(), same -> same));
        });
    return edits / ((System.nanoTime() - start) / 1e9);
  }

  private void verify(BenchNode node, Report report, Progress progress) {
    OrgId org = node.house().orgs.create("Audited").id();
    int records = options.size(100_000, 1_000);
    for (int made = 0; made < records; made += AT_ONCE) {
      Acting.as(KEY, () -> append(node, org));
    }
    progress.say("%d records are there".formatted(records));
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < options.rounds(); i++) {
      long start = System.nanoTime();
      Verification found = node.house().audit.verify(org);
      seconds.add((System.nanoTime() - start) / 1e9);
      if (!(found instanceof Verification.Whole(long seq, String _)) || seq != records) {
        throw new Mismatch("The chain of " + records + " records is not whole: " + found);
      }
    }
    report.add(Figure.of("verification of %,d records".formatted(records), seconds, "s", null));
  }

  private static OrgId append(BenchNode node, OrgId org) {
    return node.house()
        .database()
        .write(
            org,
            tx -> {
              for (int i = 0; i < AT_ONCE; i++) {
                var data = Json.object().put("name", "a policy").put("trigger", "daily");
                node.house()
                    .journal
                    .append(tx, org, new JournalEntry("policy.changed", "pol_" + i, null, data));
              }
              return org;
            });
  }
}
