/** Money: what calls may cost, what they did cost, and the budgets that they never exceed. */
@NullMarked
package dev.rookery.spend;

import org.jspecify.annotations.NullMarked;
