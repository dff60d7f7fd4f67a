package dev.rookery.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rookery.homes.HomeFiles;
import dev.rookery.homes.HomePath;
import dev.rookery.homes.Homes;
import dev.rookery.kernel.Refusal;
import dev.rookery.policy.Capability;
import dev.rookery.policy.Demand;
import dev.rookery.policy.Taint;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A tool that works on the files of the calling agent. */
interface FileTool extends Tool {
  Homes homes();

  /** Whether it changes what it names. */
  boolean writes();

  /** Whether everything below the path is touched too. */
  default boolean wholeTree() {
    return false;
  }

  /** The answer for the model; a refusal becomes an error that it reads. */
  String run(HomeFiles files, Call call);

  /** The path that the call names, as the model wrote it. */
  default String path(JsonNode arguments) {
    return arguments.path("path").asText(".");
  }

  default HomeFiles files(Caller caller) {
    return homes().of(caller.org(), caller.agent());
  }

  @Override
  default Set<Capability> capabilities() {
    return Set.of(writes() ? Capability.FS_WRITE : Capability.FS_READ);
  }

  /** Whose words a home holds is known of the home, not of the tool. */
  @Override
  default Taint taint(Caller caller) {
    return Taint.CONFIDENTIAL;
  }

  @Override
  default List<Demand> demands(JsonNode arguments) {
    return List.of(demand(HomePath.parse(path(arguments)).toString()));
  }

  /** Both the path as written and where it leads through links. */
  @Override
  default List<Demand> demands(Caller caller, JsonNode arguments) {
    String written = HomePath.parse(path(arguments)).toString();
    String real = files(caller).real(written);
    return Stream.of(written, real).distinct().map(this::demand).toList();
  }

  private Demand demand(String path) {
    if (wholeTree()) {
      return new Demand.FileTree(path, writes());
    }
    return writes() ? new Demand.FileWrite(path) : new Demand.FileRead(path);
  }

  @Override
  default ToolResult call(Call call) {
    try {
      return ToolResult.ok(run(files(call.caller()), call));
    } catch (Refusal e) {
      return ToolResult.error(e.getMessage());
    }
  }

  /** The result followed by what to know about it. */
  static String withNotes(String text, List<String> notes) {
    return String.join("\n", Stream.concat(Stream.of(text), notes.stream()).toList());
  }
}
