package dev.rookery.cli;

import picocli.CommandLine.Command;

/** {@code schedules create}: as {@code policies create}, with examples of the clock. */
@Command(
    name = "create",
    description =
        "Wake an agent by the clock: --every, --daily, --cron or --once, with a --prompt.",
    footer = {
      "  rookery schedules create rook --every 1h --prompt 'Look at the queue.'",
      "  rookery schedules create rook --daily 09:00 --zone Europe/Berlin --prompt 'Plan the day.'",
      "  rookery schedules create rook --once 2027-01-31T08:00 --prompt 'The lease ends.'",
    })
final class ScheduleCreate extends PolicyCreate {
  ScheduleCreate(Context context) {
    super(context);
  }
}
