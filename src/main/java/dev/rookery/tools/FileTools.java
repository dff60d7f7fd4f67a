package dev.rookery.tools;

import dev.rookery.homes.Checkpoints;
import dev.rookery.homes.Homes;
import dev.rookery.store.Database;
import java.util.List;

/** The built-in tools for the files of an agent's home. */
public final class FileTools {
  private FileTools() {}

  /** All of them, for {@link Tools}. */
  public static List<Tool> all(Database database, Homes homes, Checkpoints checkpoints) {
    FileChanges changes = new FileChanges(database);
    return List.of(
        new ReadFile(homes),
        new WriteFile(homes, changes),
        new EditFile(homes, changes),
        new ListDirectory(homes),
        new CreateDirectory(homes),
        new GlobFiles(homes),
        new GrepFiles(homes),
        new SaveCheckpoint(homes, checkpoints),
        new RestoreCheckpoint(homes, checkpoints),
        new TodoList(new Todos(database)));
  }
}
