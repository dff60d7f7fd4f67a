/** The Telegram channel: Bot-API updates in, messages out, by webhook or long poll. */
@NullMarked
package dev.rookery.channels.telegram;

import org.jspecify.annotations.NullMarked;
