/** The REST API, the webhook endpoint, health and metrics: one HTTP server, one table of routes. */
@NullMarked
package dev.rookery.api;

import org.jspecify.annotations.NullMarked;
