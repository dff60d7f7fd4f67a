package dev.rookery.demo;

import dev.rookery.demo.Findings.Crash;
import dev.rookery.demo.Findings.Fate;
import dev.rookery.demo.Findings.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Compares what was counted with what was promised. */
final class VerdictRules {
  private static final int SIGKILLED = 137;
  private static final int UNAUTHORIZED = 401;
  private static final int REQUESTS = 1;

  private VerdictRules() {}

  /**
   * @param messages how many were to be accepted
   * @param kills how many there were to be
   */
  static List<Proof> judge(Findings found, int messages, int kills) {
    List<Proof> proofs = new ArrayList<>();
    messages(found, messages, proofs);
    runs(found, proofs);
    found.tools().forEach(tool -> proofs.add(effects(tool)));
    replies(found, proofs);
    proofs.addAll(HandsRules.judge(found.hands(), REQUESTS));
    record(found, proofs);
    crashes(found.crashes(), kills, proofs);
    return List.copyOf(proofs);
  }

  private static void messages(Findings found, int messages, List<Proof> proofs) {
    List<Fate> fates = found.messages();
    long accepted = fates.stream().filter(f -> f.acknowledged() > 0).count();
    proofs.add(
        exact(
            "accepted_messages",
            "messages accepted",
            messages,
            accepted,
            without(fates, f -> f.acknowledged() > 0)));
    proofs.add(
        exact(
            "lost",
            "messages lost",
            0,
            fates.stream().filter(Fate::lost).count(),
            without(fates, f -> !f.lost())));
    long events = fates.stream().mapToLong(Fate::events).sum();
    proofs.add(exact("events", "events", accepted, events, without(fates, f -> f.events() == 1)));
    proofs.add(
        exact(
            "duplicates_refused",
            "duplicates refused",
            found.door().expectedDuplicates(),
            found.door().duplicates(),
            ""));
    proofs.add(
        exact(
            "forged_status",
            "status for a wrong secret",
            UNAUTHORIZED,
            found.door().forgedStatus(),
            ""));
    proofs.add(exact("created_by_forged", "created by it", 0, found.door().createdByForged(), ""));
  }

  private static void runs(Findings found, List<Proof> proofs) {
    List<Fate> fates = found.messages();
    long wanted = fates.stream().filter(Fate::wantsReply).count();
    long runs = fates.stream().mapToLong(Fate::runs).sum();
    long finished = fates.stream().mapToLong(Fate::runsFinished).sum();
    proofs.add(exact("runs", "runs", wanted, runs, without(fates, f -> f.runs() == wanted(f))));
    proofs.add(
        exact(
            "runs_finished",
            "runs finished",
            wanted,
            finished,
            without(fates, f -> f.runsFinished() == wanted(f))));
    Findings.Steps steps = found.steps();
    proofs.add(exact("steps", "steps finished", steps.expected(), steps.finished(), ""));
    proofs.add(exact("repeated_steps", "finished steps repeated", 0, steps.repeated(), ""));
    proofs.add(
        new Proof(
            "interrupted_steps",
            "steps interrupted by a kill",
            null,
            steps.interrupted(),
            "each went on where it was"));
  }

  private static int wanted(Fate fate) {
    return fate.wantsReply() ? 1 : 0;
  }

  private static Proof effects(ToolUse tool) {
    String detail = tool.effectClass() + ", " + asked(tool);
    return exact(
        "effects." + tool.name(),
        "effects of " + tool.name(),
        tool.expectedEffects(),
        tool.effects(),
        detail);
  }

  private static String asked(ToolUse tool) {
    return count(tool.calls(), "call")
        + (tool.lookups() == 0 ? "" : ", " + count(tool.lookups(), "lookup"));
  }

  /** In words what became of a tool. */
  static String used(ToolUse tool) {
    return "%-14s %s: %s".formatted(tool.name(), asked(tool), count(tool.effects(), "effect"));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** One number for all: 1, or the one that is farthest from it. */
  private static void replies(Findings found, List<Proof> proofs) {
    long each = 1;
    for (Fate fate : found.messages()) {
      if (fate.wantsReply() && Math.abs(fate.replies() - 1) > Math.abs(each - 1)) {
        each = fate.replies();
      }
    }
    List<Fate> asked = found.messages().stream().filter(Fate::wantsReply).toList();
    proofs.add(
        exact(
            "replies_per_message",
            "replies per message",
            1,
            each,
            without(asked, f -> f.replies() == 1)));
    List<Fate> others = found.messages().stream().filter(f -> !f.wantsReply()).toList();
    proofs.add(
        exact(
            "unasked_replies",
            "replies nobody asked for",
            0,
            others.stream().mapToLong(Fate::replies).sum(),
            without(others, f -> f.replies() == 0)));
  }

  private static void record(Findings found, List<Proof> proofs) {
    Findings.Unknown unknown = found.unknown();
    proofs.add(
        exact(
            "unknown_outcomes",
            "unknown outcomes",
            0,
            unknown.steps() + (long) unknown.deliveries(),
            unknown.steps() + unknown.deliveries() == 0
                ? ""
                : count(unknown.steps(), "step") + ", " + unknown.deliveries() + " of messages"));
    Findings.Chronicle journal = found.journal();
    proofs.add(new Proof("journal_entries", "journal entries", null, journal.entries(), ""));
    proofs.add(exact("journal_gaps", "gaps in the journal", 0, journal.missing(), ""));
    proofs.add(exact("journal_changed", "entries changed by a kill", 0, journal.changed(), ""));
  }

  private static void crashes(List<Crash> crashes, int kills, List<Proof> proofs) {
    long killed = crashes.stream().filter(c -> c.exitCode() == SIGKILLED).count();
    String codes =
        crashes.stream().map(c -> Integer.toString(c.exitCode())).collect(Collectors.joining(", "));
    proofs.add(exact("kills", "kills with SIGKILL", kills, killed, "exit codes " + codes));
    String times =
        crashes.stream().map(c -> c.recoveredMillis() + " ms").collect(Collectors.joining(", "));
    long slowest = crashes.stream().mapToLong(Crash::recoveredMillis).max().orElse(0);
    proofs.add(
        new Proof("recovery_ms", "slowest recovery, ms", null, slowest, "start to run: " + times));
  }

  private static Proof exact(String key, String what, long expected, long got, String detail) {
    return new Proof(key, what, expected, got, detail);
  }

  /** Names of those for which it does not hold. */
  private static String without(List<Fate> fates, Predicate<Fate> holds) {
    return fates.stream().filter(holds.negate()).map(Fate::name).collect(Collectors.joining(", "));
  }
}
