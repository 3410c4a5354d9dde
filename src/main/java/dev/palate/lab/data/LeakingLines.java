package dev.palate.lab.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Lines of one file that were dropped: what their split keeps apart, the user or the prompt, is on
 * a test line too.
 *
 * @param dataset the file's name in reports
 * @param count how many lines, at least 1
 * @param first numbers of the first lines or rows, from 1, at most {@link #SHOWN}
 */
public record LeakingLines(String dataset, Path file, int count, List<Long> first) {

  /** How many line numbers are kept. */
  public static final int SHOWN = 10;

  public LeakingLines {
    first = List.copyOf(first);
  }
}
