package dev.rookery.api;

import dev.rookery.streams.Subscription;

/**
 * A stream that a client asked for.
 *
 * @param tokens whether the words of models are sent while they come
 */
record Feed(Subscription source, boolean tokens) {}
