package dev.rookery.activation;

import dev.rookery.kernel.AgentId;
import dev.rookery.kernel.OrgId;
import dev.rookery.kernel.PolicyId;
import dev.rookery.kernel.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What wakes an agent: configuration, not ontology (spec 01, activation policy). The JSON and
 * column spellings are those of {@link PolicyCodec}.
 *
 * @param name for people, 1–100 characters
 * @param wake what it reacts to
 * @param scope where it reacts, and which tools its runs may use
 * @param timing how it meets a run that is already there, and how often it may wake
 * @param standing whether it is on
 */
public record ActivationPolicy(
    PolicyId id,
    OrgId org,
    AgentId agent,
    String name,
    Wake wake,
    Scope scope,
    Timing timing,
    Standing standing) {
  private static final int MAX_NAME = 100;
  private static final int MAX_IDS = 200;
  private static final Duration MAX_DEBOUNCE = Duration.ofHours(1);
  private static final Duration MAX_COOLDOWN = Duration.ofDays(30);
  private static final int MAX_COOLDOWN_MESSAGES = 1_000;

  public ActivationPolicy {
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw Refusal.badInput("bad-policy", "A policy's name has 1 to %d characters.", MAX_NAME);
    }
  }

  /** An enabled policy that reacts everywhere, with the defaults of spec 01. */
  public static ActivationPolicy of(OrgId org, AgentId agent, String name, Trigger trigger) {
    return new ActivationPolicy(
        PolicyId.next(),
        org,
        agent,
        name,
        Wake.on(trigger),
        Scope.ANYWHERE,
        Timing.DEFAULT,
        Standing.ON);
  }

  /** The same policy, on, off or paused otherwise. */
  public ActivationPolicy with(Standing other) {
    return new ActivationPolicy(id, org, agent, name, wake, scope, timing, other);
  }

  /** Which kind of event the policy is about. */
  public enum Trigger {
    /** The agent is named, or the bot is addressed and the agent answers for it. */
    MENTION,
    /** Overheard lines, through a relevance gate. */
    AMBIENT,
    /** Every entry of a conversation, with a cooldown. */
    ALWAYS,
    /** Any event its filter accepts. */
    EVENT,
    /** A call of the policy's own URL. */
    WEBHOOK,
    /** Every so often, anchored. */
    INTERVAL,
    /** Five-field cron. */
    CRON,
    /** At local times of the day. */
    DAILY,
    /** At one instant. */
    ONCE,
    /** A program wants one of its contacts reviewed. */
    PROGRAM_REVIEW,
    /** A person, a program or the API calls this agent. */
    MANUAL;

    /** Spelling in columns and JSON, such as {@code program_review}. */
    public String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happens to an event while a run of the same conversation and agent is there. */
  public enum Mode {
    /** Delivered into the running turn, between two steps. */
    STEER,
    /** A run of its own, after the others. */
    FOLLOWUP,
    /** Debounced and merged into the next run. */
    COLLECT;

    /** Spelling in columns and JSON. */
    public String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is asked between match and wake. */
  public enum Gate {
    /** Nothing; for {@link Trigger#AMBIENT} it is the relevance gate all the same. */
    NONE,
    /** A cheap model answers respond or pass; without an answer it is pass. */
    RELEVANCE;

    /** Spelling in columns and JSON. */
    public String spelled() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What it reacts to.
   *
   * @param filter events it is not true for are skipped; null accepts all
   */
  public record Wake(Trigger trigger, Config config, @Nullable Filter filter, Gate gate) {
    /** This trigger with its default settings, no filter and no gate. */
    public static Wake on(Trigger trigger) {
      return new Wake(trigger, Config.DEFAULT, null, Gate.NONE);
    }

    /** Whether a gate is asked: one is set, or the trigger is {@link Trigger#AMBIENT}. */
    public boolean gated() {
      return gate == Gate.RELEVANCE || trigger == Trigger.AMBIENT;
    }
  }

  /**
   * The trigger's settings.
   *
   * @param allowBots bots may wake the agent too
   * @param onEdit an edited message counts as a new one
   * @param relevance what the relevance gate is told; of use only where there is one
   * @param details one JSON object in canonical spelling with the settings that only the trigger's
   *     own room reads (the schedule of {@code cron}); <code>{}</code> for mention, ambient,
   *     always, event and manual
   */
  public record Config(boolean allowBots, boolean onEdit, Relevance relevance, String details) {
    public static final Config DEFAULT = new Config(false, false, "{}");

    /** With the usual relevance gate, if any. */
    public Config(boolean allowBots, boolean onEdit, String details) {
      this(allowBots, onEdit, Relevance.DEFAULT, details);
    }
  }

  /**
   * How a relevance gate is asked.
   *
   * @param delay for {@link Trigger#AMBIENT}: the quiet after the last human line of the
   *     conversation before the gate is asked, at most 1 h
   * @param about the policy's own words on what is relevant, at most 2,000 characters; may be empty
   * @param exclusive the first agent to respond claims the line; the others' gates pass then
   */
  public record Relevance(Duration delay, String about, boolean exclusive) {
    static final int MAX_ABOUT = 2_000;
    private static final Duration MAX_DELAY = Duration.ofHours(1);
    public static final Relevance DEFAULT = new Relevance(Duration.ofSeconds(8), "", false);

    public Relevance {
      inRange("delay_ms", delay, MAX_DELAY);
      if (about.length() > MAX_ABOUT) {
        throw Refusal.badInput("bad-policy", "about has at most %d characters.", MAX_ABOUT);
      }
    }
  }

  /**
   * Where it reacts, and with what.
   *
   * @param resourceIds remote ids as in {@code Inbound.Place}; empty means any
   * @param toolIds tools its runs are narrowed to; empty means all the agent is granted
   */
  public record Scope(List<String> resourceIds, List<String> toolIds) {
    public static final Scope ANYWHERE = new Scope(List.of(), List.of());

    public Scope {
      resourceIds = distinct("resource_ids", resourceIds);
      toolIds = distinct("tool_ids", toolIds);
    }

    private static List<String> distinct(String what, List<String> ids) {
      if (ids.size() > MAX_IDS) {
        throw Refusal.badInput("bad-policy", "%s holds at most %d ids.", what, MAX_IDS);
      }
      return ids.stream().distinct().toList();
    }
  }

  /**
   * How it meets a run that is already there.
   *
   * @param debounce used by {@link Mode#COLLECT}: how long a collecting run waits for more, at most
   *     1 h
   * @param cooldown shortest time between two wakes of this policy; zero for none, at most 30 d
   * @param cooldownMessages so many lines of a conversation follow a wake before the policy wakes
   *     there again; 0 for no such wait, at most 1,000
   * @param rate the most it wakes, however many ask; null for no limit
   */
  public record Timing(
      Mode mode, Duration debounce, Duration cooldown, int cooldownMessages, @Nullable Rate rate) {
    public static final Timing DEFAULT =
        new Timing(Mode.STEER, Duration.ofSeconds(2), Duration.ZERO);

    public Timing {
      inRange("debounce_ms", debounce, MAX_DEBOUNCE);
      inRange("cooldown_ms", cooldown, MAX_COOLDOWN);
      if (cooldownMessages < 0 || cooldownMessages > MAX_COOLDOWN_MESSAGES) {
        throw Refusal.badInput(
            "bad-policy", "cooldown_messages is between 0 and %d.", MAX_COOLDOWN_MESSAGES);
      }
    }

    /** Without a cooldown in messages and without a rate limit. */
    public Timing(Mode mode, Duration debounce, Duration cooldown) {
      this(mode, debounce, cooldown, 0, null);
    }
  }

  /**
   * At most so many wakes within any window of this length.
   *
   * @param maxWakes 1 to 10,000
   * @param window 1 s to 30 d
   */
  public record Rate(int maxWakes, Duration window) {
    private static final int MAX_WAKES = 10_000;

    public Rate {
      if (maxWakes < 1 || maxWakes > MAX_WAKES) {
        throw Refusal.badInput("bad-policy", "max_wakes is between 1 and %d.", MAX_WAKES);
      }
      if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(MAX_COOLDOWN) > 0) {
        throw Refusal.badInput(
            "bad-policy",
            "window_ms is between 1000 and %d milliseconds.",
            MAX_COOLDOWN.toMillis());
      }
    }
  }

  private static void inRange(String what, Duration value, Duration max) {
    if (value.isNegative() || value.compareTo(max) > 0) {
      throw Refusal.badInput(
          "bad-policy", "%s is between 0 and %d milliseconds.", what, max.toMillis());
    }
  }

  /** Whether it is on. Disabled is a setting; paused says why, and may end by itself. */
  public record Standing(boolean enabled, @Nullable Pause pause) {
    public static final Standing ON = new Standing(true, null);

    /** The pause that holds at this instant, or null. */
    public @Nullable Pause pauseAt(Instant now) {
      return pause != null && pause.holds(now) ? pause : null;
    }
  }

  /** A pause. Without {@code until} it holds until someone resumes the policy. */
  public record Pause(@Nullable Instant until, String reason) {
    boolean holds(Instant now) {
      return until == null || now.isBefore(until);
    }
  }
}
