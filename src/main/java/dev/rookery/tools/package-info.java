/** What an agent can call: specifications, effect classes and the tools an organization defines. */
@NullMarked
package dev.rookery.tools;

import org.jspecify.annotations.NullMarked;
