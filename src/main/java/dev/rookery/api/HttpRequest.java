package dev.rookery.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request over HTTP. */
record HttpRequest(Context context) implements Request {
  @Override
  public String path(String parameter) {
    return context.pathParam(parameter);
  }

  @Override
  public @Nullable String query(String name) {
    return context.queryParam(name);
  }

  @Override
  public Set<String> queryNames() {
    return context.queryParamMap().keySet();
  }

  @Override
  public @Nullable String header(String name) {
    return context.header(name);
  }

  @Override
  public byte[] body() {
    Body.requireJson(context.req().getContentType());
    try {
      return Body.read(
          context.req().getInputStream(), context.req().getContentLengthLong(), Body.LIMIT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
