package dev.rookery.secrets;

import dev.rookery.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that a node keeps. */
final class Outputs {
  private Outputs() {}

  /** Each column of each table of a SQLite database, as one text. */
  static Map<String, String> rows(Database database) {
    return database.readAcrossOrgs(
        tx -> {
          List<String> tables =
              tx.handle()
                  .createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                  .mapTo(String.class)
                  .list();
          Map<String, String> texts = new TreeMap<>();
          for (String table : tables) {
            Map<String, StringBuilder> columns = new TreeMap<>();
            tx.handle()
                .createQuery("SELECT * FROM " + table)
                .mapToMap()
                .forEach(row -> collect(table, row, columns));
            columns.forEach((column, text) -> texts.put(column, text.toString()));
          }
          return texts;
        });
  }

  private static void collect(
      String table, Map<String, Object> row, Map<String, StringBuilder> columns) {
    row.forEach(
        (column, value) ->
            columns
                .computeIfAbsent(table + "." + column, _ -> new StringBuilder())
                .append(
                    value instanceof byte[] bytes
                        ? new String(bytes, StandardCharsets.UTF_8)
                        : String.valueOf(value))
                .append('\n'));
  }

  /** Each file below the directory, the database's own too. */
  static Map<String, byte[]> files(Path directory) {
    List<Path> all = new ArrayList<>();
    try (var walk = Files.walk(directory)) {
      walk.filter(Files::isRegularFile).forEach(all::add);
      Map<String, byte[]> contents = new TreeMap<>();
      for (Path file : all) {
        contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
