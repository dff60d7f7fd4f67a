package dev.rookery.activation;

import dev.rookery.activation.ActivationPolicy.Trigger;
import dev.rookery.activation.ActivationPolicy.Wake;
import dev.rookery.activation.Decision.Label;
import dev.rookery.activation.Decision.Reason;
import dev.rookery.activation.TriggerRules.Verdict;
import dev.rookery.kernel.Text;
import java.time.Duration;

/** What a gate's answer makes of a policy that wants an event. Pure; fails closed. */
final class GateRules {
  private static final int MAX_QUOTE = 160;

  private GateRules() {}

  static Verdict verdict(Candidate candidate, Verdict.Yes yes) {
    Wake wake = candidate.policy().wake();
    if (!wake.gated() || LimitRules.invited(candidate, yes)) {
      return yes;
    }
    return switch (candidate.answer()) {
      case GateAnswer.Unasked() -> later(wake, yes);
      case GateAnswer.Respond(var why) ->
          new Verdict.Yes(
              new Reason(
                  "relevant", yes.reason().sentence() + quoted(" The gate says respond", why)),
              yes.uninvited());
      case GateAnswer.Pass(var code, var why) ->
          new Verdict.No(Label.GATED, new Reason(code, sentence(code, why)));
    };
  }

  private static Verdict later(Wake wake, Verdict.Yes yes) {
    boolean ambient = wake.trigger() == Trigger.AMBIENT;
    return new Verdict.Later(
        new Reason(
            "gate-awaited", yes.reason().sentence() + " The relevance gate is asked before."),
        ambient ? wake.config().relevance().delay() : Duration.ZERO,
        ambient);
  }

  private static String sentence(String code, String why) {
    return code.equals("pass")
        ? quoted("The gate says pass", why)
        : quoted("Without a usable answer of the gate it is a pass", why);
  }

  private static String quoted(String lead, String why) {
    String quote = Text.brief(why.strip(), MAX_QUOTE).replace('"', '\'');
    String said = quote.endsWith(".") ? quote.substring(0, quote.length() - 1) : quote;
    return said.isEmpty() ? lead + "." : lead + ": \"" + said + "\".";
  }
}
