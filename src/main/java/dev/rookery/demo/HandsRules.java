package dev.rookery.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Compares what was counted of hands and control with what was promised. */
final class HandsRules {
  private static final int COMMANDS = 2;
  private static final String UNIT = "in millionths of $";

  private HandsRules() {}

  /**
   * @param requests that a person was to answer
   */
  static List<Proof> judge(Hands hands, int requests) {
    List<Proof> proofs = new ArrayList<>();
    if (hands.sandboxed() instanceof Sandboxed.Shown shown) {
      sandbox(shown, proofs);
    }
    permission(hands.permission(), requests, proofs);
    punctuality(hands.punctuality(), proofs);
    stops(hands.stops(), proofs);
    purse(hands.purse(), proofs);
    later(hands.later(), proofs);
    return proofs;
  }

  private static void sandbox(Sandboxed.Shown shown, List<Proof> proofs) {
    proofs.add(
        exact("sandbox_attested", "sandbox attested", 1, shown.attested() ? 1 : 0, shown.tier()));
    proofs.add(exact("sandbox_commands", "commands run in it", COMMANDS, shown.commands(), ""));
    proofs.add(
        exact(
            "sandbox_lines",
            "lines that they counted",
            HandsStory.OPEN_ORDERS,
            shown.lines(),
            "in a file that they wrote"));
    proofs.add(
        exact("secrets_seen", "secrets of the host seen", 0, shown.secrets(), "of 3 tried for"));
    proofs.add(exact("host_connections", "connections to the host", 0, shown.connections(), ""));
  }

  private static void permission(Hands.Permission found, int requests, List<Proof> proofs) {
    proofs.add(exact("approvals_answered", "approvals answered", requests, found.answered(), ""));
    proofs.add(
        exact(
            "approvals_after_restart",
            "… after a restart",
            requests,
            found.afterRestart(),
            "asked before the kill"));
    proofs.add(
        exact("refused_pressers", "strangers refused", requests, found.refusedPressers(), ""));
    proofs.add(
        exact(
            "calls_without_permission",
            "calls without permission",
            0,
            found.withoutPermission(),
            HandsStory.PERMITTED));
  }

  private static void punctuality(Punctuality found, List<Proof> proofs) {
    String sum = found.words();
    proofs.add(
        new Proof("schedule.expected", "times of the schedule", null, found.expected(), sum));
    proofs.add(
        new Proof("schedule.down", "… at which no server ran", null, found.down(), "killed -9"));
    proofs.add(exact("schedule.unaccounted", "… without a verdict", 0, found.unaccounted(), ""));
    proofs.add(exact("schedule.doubled", "… decided or run twice", 0, found.doubled(), ""));
    proofs.add(
        exact(
            "schedule.messages",
            "messages of the schedule",
            found.ran(),
            found.messages(),
            "one for each time that ran"));
  }

  private static void stops(List<Hands.Stop> stops, List<Proof> proofs) {
    String names = stops.stream().map(Hands.Stop::name).collect(Collectors.joining(", "));
    long cancelled = stops.stream().filter(Hands.Stop::cancelled).count();
    proofs.add(exact("runs_cancelled", "runs stopped", stops.size(), cancelled, names));
    int steps = stops.stream().mapToInt(Hands.Stop::stepsAfter).sum();
    proofs.add(exact("steps_after_cancel", "steps started after it", 0, steps, ""));
    long reserved = stops.stream().mapToLong(Hands.Stop::reservedMicros).sum();
    proofs.add(exact("reserved_after_cancel", "money still reserved", 0, reserved, UNIT));
    long slowest = stops.stream().mapToLong(Hands.Stop::overMillis).max().orElse(0);
    proofs.add(new Proof("cancel_ms", "slowest stop, ms", null, slowest, "command to end of run"));
    stops.stream()
        .map(Hands.Stop::deadMillis)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            dead -> {
              int left = stops.stream().mapToInt(Hands.Stop::processesLeft).sum();
              proofs.add(
                  exact("processes_left", "processes left", 0, left, "gone after " + dead + " ms"));
            });
  }

  private static void purse(Hands.Purse purse, List<Proof> proofs) {
    Hands.Held first = purse.first();
    Hands.Held raised = purse.raised();
    long over = first.over() + raised.over();
    proofs.add(exact("overspent", "spent beyond the budget", 0, over, UNIT + "; " + money(purse)));
    proofs.add(
        new Proof(
            "answered_within_budget",
            "answered within the budget",
            null,
            first.answered(),
            "of " + purse.runs() + " that asked at once"));
    long rest = (long) purse.runs() - first.answered();
    proofs.add(exact("parked_runs", "runs parked for money", rest, first.parked(), ""));
    long failed = first.failed() + (long) raised.failed();
    proofs.add(exact("failed_for_money", "runs failed for money", 0, failed, ""));
    proofs.add(
        exact(
            "answered_when_raised",
            "answered when it is raised",
            purse.runs(),
            raised.answered(),
            ""));
  }

  private static String money(Hands.Purse purse) {
    return money(purse.first()) + ", then " + money(purse.raised());
  }

  private static String money(Hands.Held held) {
    return Facts.dollars(held.spent()) + " of " + Facts.dollars(held.limit());
  }

  private static void later(Hands.Later later, List<Proof> proofs) {
    proofs.add(
        exact(
            "later_messages_lost",
            "later messages lost",
            0,
            (long) later.accepted() - later.workedOff(),
            "of " + later.accepted() + " accepted"));
  }

  private static Proof exact(String key, String what, long expected, long got, String detail) {
    return new Proof(key, what, expected, got, detail);
  }
}
