/**
 * When something is due: intervals, local times of day, cron expressions and single instants, with
 * time zones.
 */
@NullMarked
package dev.rookery.schedules;

import org.jspecify.annotations.NullMarked;
