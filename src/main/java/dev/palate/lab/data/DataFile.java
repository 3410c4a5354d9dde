package dev.palate.lab.data;

import java.nio.file.Path;

/**
 * A file of preference pairs, as a command names it.
 *
 * @param name the data set's name, shown in reports and the model card
 * @param licence as the model card should print it; empty: not stated
 */
public record DataFile(String name, Path path, String licence) {

  /**
   * Reads {@code FILE}, {@code NAME=FILE} or {@code NAME=FILE;LICENCE}.
   *
   * <p>Without a name, the file's own name up to its first dot; where that is {@code pairs}, the
   * name of its folder.
   */
  public static DataFile parse(String text) {
    int semicolon = text.indexOf(';');
    String licence = semicolon < 0 ? "" : text.substring(semicolon + 1).strip();
    String rest = semicolon < 0 ? text : text.substring(0, semicolon);
    int equals = rest.indexOf('=');
    Path path = Path.of(equals < 0 ? rest : rest.substring(equals + 1));
    return new DataFile(equals < 0 ? nameOf(path) : rest.substring(0, equals), path, licence);
  }

  private static String nameOf(Path path) {
    String name = path.getFileName().toString().replaceAll("\\..*$", "");
    Path folder = path.toAbsolutePath().getParent();
    Path folderName = folder == null ? null : folder.getFileName();
    return name.equals("pairs") && folderName != null ? folderName.toString() : name;
  }
}
