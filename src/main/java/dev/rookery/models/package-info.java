/**
 * The one place where language models are called: the port, its providers, retry and the scripted
 * model.
 */
@NullMarked
package dev.rookery.models;

import org.jspecify.annotations.NullMarked;
