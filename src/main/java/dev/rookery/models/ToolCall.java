package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A model's wish to call a tool. The id is the provider's; arguments are an object as the model
 * wrote it.
 */
public record ToolCall(String id, String tool, JsonNode arguments) {}
