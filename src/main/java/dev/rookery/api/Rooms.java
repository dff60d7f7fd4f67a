package dev.rookery.api;

import dev.rookery.activation.Activations;
import dev.rookery.agents.Agents;
import dev.rookery.approvals.Approvals;
import dev.rookery.audit.Audit;
import dev.rookery.delivery.Artifacts;
import dev.rookery.delivery.Deliveries;
import dev.rookery.egress.NetworkPolicies;
import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.HomeTrust;
import dev.rookery.homes.Homes;
import dev.rookery.inbox.Events;
import dev.rookery.inbox.Inbox;
import dev.rookery.inbox.Receivers;
import dev.rookery.integrations.ChannelSetup;
import dev.rookery.integrations.Integrations;
import dev.rookery.journal.Journal;
import dev.rookery.models.Models;
import dev.rookery.occurrences.Occurrences;
import dev.rookery.orgs.ApiKeys;
import dev.rookery.orgs.Members;
import dev.rookery.orgs.Orgs;
import dev.rookery.policy.Grants;
import dev.rookery.runs.Runs;
import dev.rookery.sandbox.BackgroundTasks;
import dev.rookery.sandbox.SandboxProvider;
import dev.rookery.secrets.Secrets;
import dev.rookery.spend.Spend;
import dev.rookery.store.Database;
import dev.rookery.streams.Streams;
import dev.rookery.tools.Tools;
import dev.rookery.webhooks.Webhooks;
import dev.rookery.workers.Workers;
import java.time.Duration;
import java.util.List;

/** Everything that the API opens to the outside. */
public record Rooms(
    Ground ground, Domain domain, Hands hands, Flow flow, Waking waking, Live live, Doors doors) {
  /** What everything stands on. */
  public record Ground(
      Database database,
      Journal journal,
      Audit audit,
      Orgs orgs,
      Members members,
      ApiKeys keys,
      Secrets secrets) {}

  /** What an organization configures. */
  public record Domain(
      Agents agents,
      Tools tools,
      Grants grants,
      Integrations integrations,
      Models models,
      Spend spend) {}

  /** What agents work with. */
  public record Hands(
      Homes homes,
      Checkpoints checkpoints,
      HomeTrust homeTrust,
      NetworkPolicies networks,
      SandboxProvider sandboxes,
      BackgroundTasks tasks) {}

  /** What happens. */
  public record Flow(
      Inbox inbox,
      Events events,
      Activations activations,
      Runs runs,
      Approvals approvals,
      Deliveries deliveries,
      Artifacts artifacts) {}

  /** What wakes agents besides what people say: the clock, other programs, other runs. */
  public record Waking(Occurrences occurrences, Webhooks webhooks, Workers workers) {}

  /**
   * What is watched while it happens.
   *
   * @param heartbeat how long a stream is silent at most
   * @param stall how long a client may leave what is sent to it
   */
  public record Live(Streams streams, Duration heartbeat, Duration stall) {
    public Live(Streams streams) {
      this(streams, Duration.ofSeconds(15), Duration.ofSeconds(20));
    }
  }

  /**
   * What other rooms add to this server.
   *
   * @param receivers the inbound half of each channel
   * @param setups how each channel is connected
   * @param pages for people, below paths of their own
   */
  public record Doors(
      Receivers receivers, List<ChannelSetup> setups, List<Page> pages, Vitals vitals) {
    public Doors {
      setups = List.copyOf(setups);
      pages = List.copyOf(pages);
    }
  }
}
