/** What wakes an agent: policies, their filters, and the pure decision for each event. */
@NullMarked
package dev.rookery.activation;

import org.jspecify.annotations.NullMarked;
