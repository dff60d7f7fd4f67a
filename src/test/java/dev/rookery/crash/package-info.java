/**
 * Kills whole nodes with SIGKILL and proves, with a tool server and a Bot API that survive them,
 * that nothing was lost or repeated.
 */
@org.jspecify.annotations.NullMarked
package dev.rookery.crash;
