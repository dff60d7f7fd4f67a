package dev.rookery.egress;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.rookery.secrets.Redactor;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to one vetted place, over a connection of its own. */
final class GuardedHop {
  private static final Logger log = LoggerFactory.getLogger(GuardedHop.class);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Http1Config LIMITS =
      Http1Config.custom().setMaxLineLength(32_768).setMaxHeaderCount(200).build();

  static {
    keepTheWireOutOfLogs();
  }

  private final SSLContext tls;
  private final List<InetAddress> addresses;
  private final Terms terms;
  private final Redactor redactor;
  private final Attempt attempt;

  GuardedHop(
      SSLContext tls,
      List<InetAddress> addresses,
      Terms terms,
      Redactor redactor,
      Attempt attempt) {
    this.tls = tls;
    this.addresses = addresses;
    this.terms = terms;
    this.redactor = redactor;
    this.attempt = attempt;
  }

  /** At DEBUG the library writes every byte that it sends, the values of secrets too. */
  private static void keepTheWireOutOfLogs() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
      for (String name :
          List.of(
              "org.apache.hc",
              "org.apache.hc.client5.http.wire",
              "org.apache.hc.client5.http.headers")) {
        loggers.getLogger(name).setLevel(Level.WARN);
      }
    }
  }

  /** What became of one hop. */
  sealed interface Outcome<T> {}

  record Over<T>(Ending<T> ending) implements Outcome<T> {}

  /** A redirect that is to be followed. */
  record Onward<T>(String location) implements Outcome<T> {}

  <T> Outcome<T> perform(
      GuardedRequest request, GuardedClient.Reader<T> reader, Predicate<String> follows) {
    try (CloseableHttpClient client = client()) {
      attempt.stopsBy(() -> client.close(CloseMode.IMMEDIATE));
      WebAddress place = request.address();
      HttpHost host = new HttpHost(place.scheme(), place.host(), place.port());
      ClassicHttpResponse response = client.executeOpen(host, native_(request), null);
      Header location = response.getFirstHeader("Location");
      if (REDIRECTS.contains(response.getCode())
          && location != null
          && follows.test(location.getValue())) {
        client.close(CloseMode.IMMEDIATE);
        return new Onward<>(location.getValue());
      }
      T read = reader.read(answer(place, response));
      client.close(CloseMode.IMMEDIATE);
      return new Over<>(new Ending.Answered<>(read));
    } catch (IOException e) {
      return new Over<>(failed(e));
    } catch (RuntimeException e) {
      log.warn("an exchange ended unexpectedly; its caller is told", e);
      return new Over<>(attempt.end("the call ended unexpectedly"));
    }
  }

  private <T> Ending<T> failed(Exception e) {
    String why =
        switch (e) {
          case ConnectTimeoutException _ -> "connecting took too long";
          case ConnectException _ -> "nothing accepts connections there";
          case UnknownHostException _ -> "the name is not known";
          case SSLException _ when !attempt.sent() -> "TLS failed: " + e.getMessage();
          default -> "the connection broke: " + e.getMessage();
        };
    return attempt.end(redactor.text(why));
  }

  private Answer answer(WebAddress place, ClassicHttpResponse response) throws IOException {
    List<HttpField> fields =
        Arrays.stream(response.getHeaders())
            .map(header -> field(header))
            .filter(java.util.Objects::nonNull)
            .toList();
    HttpEntity entity = response.getEntity();
    InputStream raw = entity == null ? InputStream.nullInputStream() : entity.getContent();
    Header encoding = response.getFirstHeader("Content-Encoding");
    InputStream plain = Decoding.of(encoding == null ? "" : encoding.getValue(), raw);
    InputStream body = redactor.stream(new CappedStream(plain, terms.maxBytes()));
    return new Answer(response.getCode(), place, fields, body);
  }

  private @Nullable HttpField field(Header header) {
    try {
      return new HttpField(header.getName(), redactor.text(header.getValue()));
    } catch (dev.rookery.kernel.Refusal e) {
      return null;
    }
  }

  private static ClassicHttpRequest native_(GuardedRequest request) {
    WebAddress place = request.address();
    BasicClassicHttpRequest made =
        new BasicClassicHttpRequest(
            request.method(),
            place.scheme(),
            new URIAuthority(place.host(), place.port()),
            place.target());
    made.setHeader("Host", place.authority());
    made.setHeader("Accept-Encoding", "gzip");
    made.setHeader("Connection", "close");
    request.headers().forEach(field -> made.addHeader(field.name(), field.value()));
    switch (request.payload()) {
      case Payload.None() -> {}
      case Payload.Bytes(var bytes) -> made.setEntity(new ByteArrayEntity(bytes, null));
      case Payload.Stream(var in, var length) ->
          made.setEntity(new InputStreamEntity(in, length, null));
    }
    return made;
  }

  private CloseableHttpClient client() {
    Timeout connect = Timeout.of(GuardedClient.connectTimeout(terms.timeout()));
    Timeout whole = Timeout.of(terms.timeout());
    PoolingHttpClientConnectionManager connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(pinned())
            .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(LIMITS).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connect)
                    .setSocketTimeout(whole)
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setRequestExecutor(new Announcing())
        .setConnectionReuseStrategy((_, _, _) -> false)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setProtocolUpgradeEnabled(false)
                .setExpectContinueEnabled(false)
                .setResponseTimeout(whole)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableDefaultUserAgent()
        .build();
  }

  /** Answers with what was vetted, whatever is asked: there is no second resolution. */
  private DnsResolver pinned() {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) {
        return addresses.toArray(InetAddress[]::new);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  /** Notes when a request leaves; before that a failure has no effect. */
  private final class Announcing extends HttpRequestExecutor {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback callback,
        HttpContext context)
        throws IOException, HttpException {
      if (!attempt.sending()) {
        throw new IOException("given up before it was sent");
      }
      return super.execute(request, connection, callback, context);
    }
  }
}
