package dev.rookery.spend;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelAnswer.Usage;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Spending, added up.
 *
 * @param rows the dearest first; days in order
 */
public record Summary(List<Row> rows, Row total) {
  public Summary {
    rows = List.copyOf(rows);
  }

  /** By what it is split. */
  public enum By {
    AGENT,
    MODEL,
    CONTACT,
    DAY,
    RUN,
    KIND;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One sum.
   *
   * @param key of what; empty for calls without it, such as those for no contact
   * @param reserved by calls under way
   */
  public record Row(
      String key, long calls, Usage usage, Money spent, Money reserved, boolean estimated) {}

  /**
   * Which calls are counted; null means all.
   *
   * @param run a run alone
   * @param tree the root of a run and what it delegated
   * @param name of a model or tool
   */
  public record Filter(
      @Nullable AgentId agent,
      @Nullable String contact,
      @Nullable RunId run,
      @Nullable RunId tree,
      @Nullable String name,
      Span span) {
    public static final Filter ALL = new Filter(null, null, null, null, null, Span.EVER);

    public static Filter ofRun(RunId run) {
      return new Filter(null, null, run, null, null, Span.EVER);
    }

    public static Filter ofTree(RunId root) {
      return new Filter(null, null, null, root, null, Span.EVER);
    }
  }

  /** From, inclusive, to, exclusive; epoch milliseconds. */
  public record Span(long from, long to) {
    public static final Span EVER = new Span(0, Long.MAX_VALUE);
  }
}
