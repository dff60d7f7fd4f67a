/** The only place that encrypts and decrypts. */
@NullMarked
package dev.rookery.secrets;

import org.jspecify.annotations.NullMarked;
