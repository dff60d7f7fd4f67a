package dev.rookery.kernel;

/**
 * A typed id. The value carries its prefix, so that an id is never taken for one of another kind.
 */
public sealed interface Id
    permits OrgId,
        MemberId,
        KeyId,
        AgentId,
        IntegrationId,
        EventId,
        PolicyId,
        ActivationId,
        RunId,
        DeliveryId,
        ArtifactId,
        ToolId,
        ApprovalId,
        BudgetId,
        RuleId,
        CheckpointId,
        NodeId {
  String value();
}
