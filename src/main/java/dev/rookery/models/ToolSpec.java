package dev.rookery.models;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a model is told about a tool. The schema is JSON Schema 2020-12 with an object at its root.
 */
public record ToolSpec(String name, String description, JsonNode schema) {}
