/** The WebSocket gateway: the journal as events and the API as requests, over one socket. */
@NullMarked
package dev.rookery.gateway;

import org.jspecify.annotations.NullMarked;
