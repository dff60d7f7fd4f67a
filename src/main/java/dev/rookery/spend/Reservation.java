package dev.rookery.spend;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of the wish to make a call. */
public sealed interface Reservation {
  /**
   * The call may be made; then it is settled or released.
   *
   * @param amount the most it may cost
   * @param estimated because no list has a price of the model
   */
  record Reserved(Money amount, boolean estimated) implements Reservation {
    static final Reserved NOTHING = new Reserved(Money.ZERO, false);
  }

  /** Nothing is reserved before somebody agrees ({@link Spend#consent}). */
  record SoftLimit(Standing standing, Money wanted) implements Reservation {
    /** One sentence for the person who is asked. */
    public String sentence() {
      return "The next call may cost %s; with it %s goes beyond its soft limit of %s (%s spent)."
          .formatted(
              wanted,
              standing.budget().words(),
              standing.budget().limits().soft(),
              standing.spent());
    }
  }

  /** Nothing is reserved; the run is parked. */
  record HardLimit(Standing standing, Money wanted) implements Reservation {
    /** When trying again makes sense because a new window begins; null when none will. */
    public @Nullable Instant resetsAt() {
      return standing.resetsAt();
    }

    /** Whether calls under way hold so much that it may fit soon, when they cost less. */
    public boolean mayFitSoon() {
      Money hard = standing.budget().limits().hard();
      return hard != null && !standing.spent().plus(wanted).exceeds(hard);
    }

    /** Whether no window of this budget will ever have room for the call. */
    public boolean neverFits() {
      Money hard = standing.budget().limits().hard();
      return hard != null && (wanted.exceeds(hard) || (resetsAt() == null && !mayFitSoon()));
    }

    /** One sentence for people, with what can be done. */
    public String sentence() {
      Instant reset = resetsAt();
      return ("%s of %s is used up: %s spent, %s reserved, and the next call may cost %s."
              + " Raise it with: rookery budgets set %s --hard <amount>%s")
          .formatted(
              capital(standing.budget().words()),
              standing.budget().limits().hard(),
              standing.spent(),
              standing.reserved(),
              wanted,
              standing.budget().id(),
              reset == null ? "" : "; or wait until " + reset);
    }

    private static String capital(String words) {
      return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
  }
}
