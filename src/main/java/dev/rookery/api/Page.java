package dev.rookery.api;

import io.javalin.http.Handler;

/**
 * A page for people that another room renders. It needs no API key, so it guards itself.
 *
 * @param method {@code GET} or {@code POST}
 * @param path with parameters in braces, such as {@code /setup/{token}}
 */
public record Page(String method, String path, Handler handler) {}
