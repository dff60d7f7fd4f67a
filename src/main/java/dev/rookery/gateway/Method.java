package dev.rookery.gateway;

/**
 * A method of protocol 2 and the route of the API that it is.
 *
 * @param verb of HTTP
 * @param path with parameters in braces
 */
public record Method(String name, String verb, String path) {}
