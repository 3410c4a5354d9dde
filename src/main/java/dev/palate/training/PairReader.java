package dev.palate.training;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads preference pairs from JSON Lines, gzipped or not (told by content, not by name). */
public final class PairReader {

  /** A file of which more than this share is bad is the wrong file. */
  static final double TOLERATED_BAD_SHARE = 0.01;

  private final OnBadLine onBadLine;
  private final PairParser parser = new PairParser();

  /** What to do with a line that is no pair. */
  public enum OnBadLine {
    /** Count it and go on; more than 1 % of a file end the run. */
    SKIP,
    /** The first one ends the run. */
    STOP
  }

  /**
   * @param line its number, from 1
   */
  public record BadLine(Path file, long line, String reason) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + reason;
    }
  }

  /**
   * @param lines read, blank ones not counted
   */
  public record Result(List<PreferencePair> pairs, List<BadLine> bad, long lines) {
    public Result {
      pairs = List.copyOf(pairs);
      bad = List.copyOf(bad);
    }
  }

  public PairReader(OnBadLine onBadLine) {
    this.onBadLine = onBadLine;
  }

  /**
   * @throws DataException if the file cannot be read, or holds bad lines that are not tolerated
   */
  public Result read(DataFile file) {
    List<PreferencePair> pairs = new ArrayList<>();
    List<BadLine> bad = new ArrayList<>();
    long number = 0;
    long lines = 0;
    try (BufferedReader reader = open(file.path())) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        lines++;
        try {
          pairs.add(parser.parse(file.name(), line, number));
        } catch (IllegalArgumentException e) {
          bad.add(new BadLine(file.path(), number, String.valueOf(e.getMessage())));
          stopIfTold(bad.getLast());
        }
      }
    } catch (IOException e) {
      throw new DataException("'" + file.path() + "' cannot be read: " + e.getMessage(), e);
    }
    if (bad.size() > TOLERATED_BAD_SHARE * lines) {
      throw new DataException(
          bad.size()
              + " of "
              + lines
              + " lines are no preference pairs, more than 1 %. The first: "
              + bad.getFirst());
    }
    return new Result(pairs, bad, lines);
  }

  private void stopIfTold(BadLine line) {
    if (onBadLine == OnBadLine.STOP) {
      throw new DataException(line.toString());
    }
  }

  private static BufferedReader open(Path path) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      file.mark(2);
      boolean gzip = file.read() == 0x1f && file.read() == 0x8b;
      file.reset();
      InputStream plain = gzip ? new GZIPInputStream(file, 1 << 16) : file;
      return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }
}
