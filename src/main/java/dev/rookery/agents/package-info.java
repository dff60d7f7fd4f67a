/** temp */
@org.jspecify.annotations.NullMarked
package dev.rookery.agents;
