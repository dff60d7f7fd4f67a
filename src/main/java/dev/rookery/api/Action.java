package dev.rookery.api;

/** What a route does. Refusals and unavailable storage become problem details. */
interface Action {
  Reply perform(Call call) throws InterruptedException;
}
