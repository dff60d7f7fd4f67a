package dev.rookery.cli;

import picocli.CommandLine.Command;

/** When agents wake by the clock. */
@Command(
    name = "schedules",
    description = {
      "See when something is due: intervals, times of day, cron, single times.",
      "They are policies: change them with rookery policies.",
    },
    subcommands = {
      ScheduleCommands.ListSchedules.class,
      ScheduleCommands.Show.class,
      ScheduleCreate.class,
      SchedulesPreview.class,
    },
    footer = {
      "  rookery schedules preview --cron '0 9 * * mon-fri' --zone Europe/Berlin",
      "  rookery schedules preview --every 90s --count 3 --json",
    })
final class SchedulesCommand {}
