/**
 * What shows and tests Rookery without accounts: local servers that speak the real wire formats.
 */
@NullMarked
package dev.rookery.demo;

import org.jspecify.annotations.NullMarked;
