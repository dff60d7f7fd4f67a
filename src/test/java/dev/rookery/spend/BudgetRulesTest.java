package dev.rookery.spend;

import static dev.rookery.spend.Shop.usd;
import static dev.rookery.store.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.kernel.BudgetId;
import dev.rookery.kernel.RunId;
import dev.rookery.spend.BudgetRules.Ruling;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BudgetRulesTest {
  private static Standing standing(Limits limits, String spent, String reserved) {
    BudgetId id = BudgetId.next();
    Budget budget = new Budget(id, new Scope.Organization(), Window.TOTAL, limits, 0, 0);
    return new Standing(budget, new Standing.Key(id, "", 0), usd(spent), usd(reserved));
  }

  private static Ruling decide(String wanted, Standing... standings) {
    return BudgetRules.decide(List.of(standings), usd(wanted), _ -> false);
  }

  @Test
  void exactly_the_limit_fits_and_a_millionth_more_does_not() {
    Standing standing = standing(Shop.hard("1.00"), "0.50", "0.25");
    assertThat(decide("0.25", standing)).isEqualTo(new Ruling.Fits());
    assertThat(decide("0.250001", standing)).isEqualTo(new Ruling.Hard(standing));
  }

  @Test
  void a_hard_limit_beats_a_soft_one_wherever_it_is() {
    Standing soft = standing(Shop.soft("0.10"), "0", "0");
    Standing hard = standing(Shop.hard("0.20"), "0", "0");
    assertThat(decide("0.30", soft, hard)).isEqualTo(new Ruling.Hard(hard));
    assertThat(decide("0.15", soft, hard)).isEqualTo(new Ruling.Soft(soft));
    assertThat(decide("0.10", soft, hard)).isEqualTo(new Ruling.Fits());
    assertThat(BudgetRules.decide(List.of(soft, hard), usd("0.15"), soft::equals))
        .isEqualTo(new Ruling.Fits());
  }

  @Test
  void a_limit_tells_whether_waiting_helps() {
    Money wanted = usd("0.30");
    var busy = new Reservation.HardLimit(standing(Shop.hard("1.00"), "0.50", "0.40"), wanted);
    var spent = new Reservation.HardLimit(standing(Shop.hard("1.00"), "0.90", "0"), wanted);
    assertThat(busy.mayFitSoon()).isTrue();
    assertThat(busy.neverFits()).isFalse();
    assertThat(spent.mayFitSoon()).isFalse();
    assertThat(spent.neverFits()).isTrue();
    assertThat(spent.resetsAt()).isNull();
  }

  @Test
  void budgets_that_mean_nothing_are_refused() {
    refused("bad-budget", () -> new Limits(null, null));
    refused("bad-budget", () -> new Limits(usd("2"), usd("1")));
    refused("bad-budget", () -> new Scope.OfContact(" "));
    refused("bad-budget", () -> new Scope.OfProgram("x".repeat(201)));
    refused("bad-budget", () -> Scope.of("team", "x"));
    refused("bad-id", () -> Scope.of("agent", "rook"));
    refused(
        "bad-budget",
        () -> new NewBudget(new Scope.OfRunTree(RunId.next()), Window.DAY, Shop.hard("1")));
  }
}
