package dev.rookery.workers;

import dev.rookery.Colony;
import dev.rookery.TestTool;
import dev.rookery.agents.Agent;
import dev.rookery.kernel.Json;
import dev.rookery.kernel.RunId;
import dev.rookery.models.ModelMessage;
import dev.rookery.runs.Run;
import dev.rookery.store.Database;
import dev.rookery.tools.EffectClass;
import dev.rookery.tools.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.StreamSupport;

/** A colony whose agents delegate as they are told, and whose workers say, act or hold. */
final class Hive implements AutoCloseable {
  private static final String SCRIPT =
      """
      version: 1
      rules:
        - when: {user_text: {contains: "that you started is over"}}
          then: {text: "Report. {{last_user_text}}"}
        - when: {user_text: {matches: 'The task: say (?P<word>\\w+)'}}
          then: {text: "said {{word}}", usage: {input: 0, output: 2000}}
        - when: {user_text: {contains: "The task: fail"}}
          then: {failure: {kind: auth}}
        - when: {user_text: {contains: "The task: act"}}
          then: {tool_calls: [{tool: act, arguments: {}}]}
        - when: {user_text: {contains: "The task: hold"}}
          then: {tool_calls: [{tool: hold, arguments: {}}]}
        - when: {user_text: {contains: "The task: leave it"}}
          then: {tool_calls: [{tool: delegate, arguments: {wait: false, tasks: [{task: hold}]}}]}
        - when: {user_text: {contains: "meanwhile"}}
          then:
            tool_calls:
              - {tool: delegate, arguments: {wait: false, tasks: [{task: say one}]}}
              - {tool: hold, arguments: {}}
        - when: {user_text: {contains: "The task: pass on"}}
          then: {tool_calls: [{tool: delegate, arguments: {tasks: [{task: "pass on"}]}}]}
        - when: {user_text: {contains: "The task: have it said"}}
          then: {tool_calls: [{tool: delegate, arguments: {tasks: [{task: "say deep"}]}}]}
        - when: {user_text: {contains: "The task: send to b"}}
          then: {tool_calls: [{tool: delegate, arguments: {tasks: [{task: "send to a", agent: "b"}]}}]}
        - when: {user_text: {contains: "The task: send to a"}}
          then: {tool_calls: [{tool: delegate, arguments: {tasks: [{task: "send to b", agent: "a"}]}}]}
        - when: {user_text: {contains: "list workers"}}
          then: {tool_calls: [{tool: worker_list, arguments: {}}]}
        - when: {user_text: {matches: 'stop (?P<id>run_\\w+)'}}
          then: {tool_calls: [{tool: worker_cancel, arguments: {id: "{{id}}"}}]}
      CALLS
        - when: {tool_result: {}}
          then: {text: "{{tool}}: {{tool_result}}"}
        - then: {text: "Nothing to do with: {{last_user_text}}"}
      """;
  private static final String CALL =
      """
        - when: {user_text: {contains: "%s"}}
          then: {tool_calls: [{tool: delegate, arguments: %s}]}
      """;

  final CountDownLatch release = new CountDownLatch(1);
  final List<Tool.Call> acts = Collections.synchronizedList(new ArrayList<>());
  final List<Tool.Call> held = Collections.synchronizedList(new ArrayList<>());
  final Colony colony;

  /**
   * @param calls what is delegated at which word of a person
   */
  Hive(Database database, Map<String, String> calls, Map<String, String> env) {
    StringBuilder rules = new StringBuilder();
    calls.forEach((word, arguments) -> rules.append(CALL.formatted(word, arguments)));
    Map<String, String> all = new HashMap<>(env);
    try {
      Path script = Files.createTempFile("hive", ".yaml");
      script.toFile().deleteOnExit();
      Files.writeString(script, SCRIPT.replace("CALLS\n", rules));
      all.put("ROOKERY_SCRIPT", script.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.colony =
        new Colony(
                database,
                all,
                TestTool.of("act", EffectClass.UNSAFE, this::act),
                TestTool.of("hold", EffectClass.KEYED, this::hold))
            .dispatching();
  }

  private Tool.ToolResult act(Tool.Call call) {
    acts.add(call);
    return Tool.ToolResult.ok("acted");
  }

  private Tool.ToolResult hold(Tool.Call call) {
    held.add(call);
    CountDownLatch done = new CountDownLatch(1);
    try (var _ = call.cancellation().onCancel(done::countDown)) {
      colony.until("released or cancelled", () -> release.getCount() == 0 || done.getCount() == 0);
      return Tool.ToolResult.ok("held");
    }
  }

  void awaitHeld(int times) {
    colony.until(times + " hold", () -> held.size() >= times);
  }

  RunId tell(Agent agent, String conversation, String text) {
    return colony.runOf(colony.tell(agent, conversation, text));
  }

  Run ask(Agent agent, String conversation, String text) {
    return colony.over(tell(agent, conversation, text));
  }

  List<Worker> workers(RunId parent) {
    return colony.house().workers.of(colony.org(), parent);
  }

  Worker worker(RunId parent) {
    colony.until("it has a worker", () -> !workers(parent).isEmpty());
    return workers(parent).getFirst();
  }

  Worker overWorker(RunId id) {
    colony.until("worker " + id + " is over", () -> !find(id).active());
    return find(id);
  }

  Worker find(RunId id) {
    return colony.house().workers.find(colony.org(), id);
  }

  /** What the model was last told by a tool. */
  String told(RunId run) {
    return colony.house().runs.detail(colony.org(), run).said().stream()
        .filter(ModelMessage.ToolAnswer.class::isInstance)
        .map(m -> ((ModelMessage.ToolAnswer) m).text())
        .reduce((_, last) -> last)
        .orElse("(nothing)");
  }

  /** The summaries that a parent was told. */
  List<String> summaries(RunId run) {
    return StreamSupport.stream(Json.parse(told(run)).path("workers").spliterator(), false)
        .map(w -> w.path("summary").asText())
        .toList();
  }

  long count(String kind) {
    return colony.journal().stream().filter(r -> r.entry().kind().equals(kind)).count();
  }

  @Override
  public void close() {
    release.countDown();
    colony.close();
  }
}
