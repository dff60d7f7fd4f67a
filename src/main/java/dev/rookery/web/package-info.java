/** Pages for people, rendered on the server: today the one-time set-up page. */
@NullMarked
package dev.rookery.web;

import org.jspecify.annotations.NullMarked;
