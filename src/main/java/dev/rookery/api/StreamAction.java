package dev.rookery.api;

/** What a route does that goes on answering. Refusals become problem details, as elsewhere. */
interface StreamAction {
  Feed open(Call call) throws InterruptedException;
}
