package dev.rookery.tools;

import dev.rookery.egress.Answer;
import dev.rookery.egress.Ending;
import dev.rookery.egress.GuardedRequest;
import dev.rookery.egress.Reach;
import dev.rookery.egress.SecretInjection;
import dev.rookery.egress.Terms;
import dev.rookery.egress.WayOut;
import dev.rookery.secrets.Secrets;
import dev.rookery.tools.Tool.OutcomeUnknown;
import dev.rookery.tools.Tool.ToolResult;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request of a built-in tool, from its arguments to the words for the model. */
final class WebCall {
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  private final WayOut way;
  private final Tool.Call call;

  private WebCall(WayOut way, Tool.Call call) {
    this.way = way;
    this.call = call;
  }

  static WebCall of(WayOut way, Tool.Call call) {
    return new WebCall(way, call);
  }

  /** How long, and how far. */
  record Limits(Duration timeout, Terms.Redirects redirects) {}

  /**
   * @param secret to put in its own place; null for none, or for those that the request names
   * @throws dev.rookery.kernel.Refusal when it cannot be sent
   * @throws OutcomeUnknown when it may have changed something
   */
  ToolResult perform(
      GuardedRequest request,
      @Nullable String secret,
      Limits limits,
      Function<WebAnswer, String> words) {
    Tool.Caller caller = call.caller();
    Reach reach = way.networks().forTool(caller.org(), caller.agent(), request.address());
    Secrets.User user = new Secrets.User(caller.org(), caller.agent(), caller.run());
    SecretInjection.Injected injected = way.secrets().inject(user, request, reach, secret);
    Ending<WebAnswer> ending =
        way.client()
            .perform(
                injected.request(),
                new Terms(reach, limits.timeout(), MOST_BYTES, limits.redirects()),
                injected.redactor(),
                call.cancellation(),
                WebCall::read);
    return switch (ending) {
      case Ending.Answered<WebAnswer>(var answer) ->
          new ToolResult(injected.redactor().text(words.apply(answer)), answer.status() >= 400);
      case Ending.NotSent<WebAnswer>(var why) -> notMade(why);
      case Ending.Broken<WebAnswer>(var why) -> broken(request, why);
    };
  }

  private static WebAnswer read(Answer answer) throws IOException {
    return new WebAnswer(
        answer.status(),
        answer.address(),
        answer.headers(),
        answer.body().readNBytes(CappedBody.READ + 1));
  }

  private static ToolResult broken(GuardedRequest request, String why) {
    if (request.safe()) {
      return ToolResult.error("The call failed: " + why + ". It is safe to try again.");
    }
    throw new OutcomeUnknown(
        request.method()
            + " to "
            + request.address().host()
            + ": "
            + why
            + "; it may or may not have taken effect.");
  }

  static ToolResult notMade(String why) {
    return ToolResult.error("The call was not made: " + why + (why.endsWith(".") ? "" : "."));
  }
}
