/** Configured instances of channels: which bot, which secrets, which agents it serves. */
@NullMarked
package dev.rookery.integrations;

import org.jspecify.annotations.NullMarked;
