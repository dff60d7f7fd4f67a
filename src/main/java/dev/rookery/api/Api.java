package dev.rookery.api;

import dev.rookery.kernel.NodeId;
import dev.rookery.kernel.Refusal;
import dev.rookery.ops.Loop;
import dev.rookery.orgs.Principal;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** The HTTP server of a node: the REST API, webhooks, health, metrics and pages of other rooms. */
public final class Api implements AutoCloseable {
  private static final int STOP_MILLIS = 5_000;
  private static final int WAITING_AT_THE_DOOR = 1_024;

  private final Rooms rooms;
  private final Settings settings;
  private final Routes routes = new Routes();
  private final Counters counters = new Counters();
  private final Gate gate;
  private final Service service;
  private final Readiness readiness;
  private final Invoker invoker;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Loop pruning;
  private final Javalin server;
  private volatile boolean closing;

  /**
   * How the server is reached.
   *
   * @param port 0 lets the system choose
   * @param publicUrl how the world reaches it, for webhooks; null when it is not public
   */
  public record Settings(String host, int port, @Nullable String publicUrl, About about) {}

  /**
   * What the node says of itself.
   *
   * @param sandbox where commands of agents run, in a sentence
   */
  public record About(String version, NodeId node, Instant startedAt, Supplier<String> sandbox) {}

  public Api(Rooms rooms, Settings settings) {
    this.rooms = rooms;
    this.settings = settings;
    this.readiness = new Readiness(rooms.ground().database(), rooms.doors().vitals());
    this.gate = new Gate(rooms.ground().keys());
    Idempotency idempotency = new Idempotency(rooms.ground().database());
    this.service =
        new Service(
            gate,
            counters,
            new Performance(routes, idempotency),
            new EventStream(rooms.live(), counters));
    enterRoutes();
    this.invoker = new Invoker(routes.all(), service);
    this.pruning = idempotency.serve();
    this.server = Javalin.create(this::configure);
  }

  private void enterRoutes() {
    InstantSource clock = InstantSource.system();
    new StatusRoutes(rooms, settings.about()).enter(routes);
    new AgentRoutes(rooms).enter(routes);
    HookRoutes hooks = new HookRoutes(rooms, settings.publicUrl());
    new ActivationRoutes(rooms, hooks, clock).enter(routes);
    hooks.enter(routes);
    new ScheduleRoutes(rooms, clock).enter(routes);
    new WhyRoutes(rooms, clock).enter(routes);
    new MessageRoutes(rooms, counters, clock).enter(routes);
    new RerunRoutes(rooms, counters, clock).enter(routes);
    new ToolRoutes(rooms).enter(routes);
    new BudgetRoutes(rooms).enter(routes);
    new SpendRoutes(rooms).enter(routes);
    new PolicyRoutes(rooms).enter(routes);
    new FileRoutes(rooms).enter(routes);
    new SandboxRoutes(rooms).enter(routes);
    new IntegrationRoutes(rooms, settings.publicUrl()).enter(routes);
    new RunRoutes(rooms).enter(routes);
    new ExportRoutes(rooms, clock).enter(routes);
    new ConversationRoutes(rooms).enter(routes);
    new WorkRoutes(rooms).enter(routes);
    new DecisionRoutes(rooms).enter(routes);
    new ArtifactRoutes(rooms).enter(routes);
    new WorkerRoutes(rooms).enter(routes);
    new ApprovalRoutes(rooms).enter(routes);
    new EventRoutes(rooms).enter(routes);
    new DeliveryRoutes(rooms).enter(routes);
    new JournalRoutes(rooms, () -> closing).enter(routes);
    new StreamRoutes(rooms).enter(routes);
    new KeyRoutes(rooms, routes::areas, clock).enter(routes);
    new MemberRoutes(rooms).enter(routes);
    new AuditRoutes(rooms).enter(routes);
    new SecretRoutes(rooms).enter(routes);
    new NetworkRoutes(rooms).enter(routes);
    OpenApi document = new OpenApi(routes, settings.about().version());
    new HealthRoutes(readiness, new Metrics(rooms, counters, sockets), document::bytes)
        .enter(routes);
  }

  /** Serves a WebSocket of another room, also when the server has started. */
  public void mount(Socket socket) {
    sockets.add(socket);
  }

  /**
   * Calls a route as HTTP would: the same access, checks, problem details and counting.
   *
   * @param who recognised just now
   */
  public Invocation.Answer call(Principal who, Invocation what) {
    return invoker.call(who, what);
  }

  /** What is served, for the document and the tests. */
  List<Route> routes() {
    return routes.all();
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.addConnector(this::connector);
    config.jetty.threadPool = threads();
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setSendXPoweredBy(false);
        });
    config.jetty.modifyServer(
        jetty -> {
          jetty.setStopTimeout(STOP_MILLIS);
          jetty.setErrorHandler(new ProblemPages());
          HookDoor hooks = new HookDoor(rooms, counters);
          ServerWebSocketContainer container = ServerWebSocketContainer.ensure(jetty);
          SocketDoor.Ground ground = new SocketDoor.Ground(container, gate, counters);
          jetty.setHandler(new GracefulHandler(new SocketDoor(hooks, sockets, ground)));
        });
    for (Route route : routes.all()) {
      HandlerType method = HandlerType.findOrCreate(route.method());
      config.routes.addHttpHandler(method, route.path(), ctx -> service.serve(route, ctx));
    }
    for (Page page : rooms.doors().pages()) {
      HandlerType method = HandlerType.findOrCreate(page.method());
      config.routes.addHttpHandler(method, page.path(), ctx -> service.show(page, ctx));
    }
    config.routes.exception(HttpResponseException.class, service::refuse);
    config.routes.exception(Exception.class, service::refuse);
  }

  /** Where many clients may knock at the same time, as they do after a restart. */
  private Connector connector(Server jetty, HttpConfiguration http) {
    ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(WAITING_AT_THE_DOOR);
    return connector;
  }

  /** A few platform threads for the network, virtual ones for requests. */
  private static QueuedThreadPool threads() {
    int processors = Runtime.getRuntime().availableProcessors();
    QueuedThreadPool threads = new QueuedThreadPool(2 * processors + 12, 2);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
    return threads;
  }

  /**
   * Binds and serves.
   *
   * @return the port
   * @throws Refusal {@code port-in-use}
   */
  public int start() {
    try {
      server.start();
    } catch (JavalinBindException e) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "port-in-use",
          "The port "
              + settings.port()
              + " on "
              + settings.host()
              + " cannot be bound. Stop what uses it, or choose another with --port.");
    }
    return server.port();
  }

  /** Answers what is under way, within five seconds. */
  @Override
  public void close() {
    closing = true;
    server.stop();
    pruning.close();
    readiness.close();
  }
}
