package dev.palate.lab.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Reads preference pairs from JSON Lines or Parquet, told by content. Their texts go to a store on
 * disk as they are read; what many pairs share is held once.
 */
public final class PairReader {

  /** A file of which more than this share is bad is the wrong file. */
  static final double TOLERATED_BAD_SHARE = 0.01;

  /** From so many bad lines on, the share is looked at while reading: a wrong file may be large. */
  private static final int MANY_BAD = 10_000;

  private final OnBadLine onBadLine;
  private final TextStore texts;
  private final Map<String, String> shared = new HashMap<>();

  /** What to do with a line that is no pair. */
  public enum OnBadLine {
    /** Count it and go on; more than 1 % of a file end the run. */
    SKIP,
    /** The first one ends the run. */
    STOP
  }

  /**
   * @param line its number or its row's, from 1
   */
  public record BadLine(Path file, long line, String reason) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + reason;
    }
  }

  /**
   * @param lines read, blank ones not counted
   * @param numbers of each pair its line's or row's number, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // there may be millions of lines; never compared
  public record Result(List<PreferencePair> pairs, List<BadLine> bad, long lines, long[] numbers) {
    public Result {
      pairs = List.copyOf(pairs);
      bad = List.copyOf(bad);
    }
  }

  /** Keeps the texts where the system keeps temporary files. */
  public PairReader(OnBadLine onBadLine) {
    this(onBadLine, TextStore.temporary());
  }

  PairReader(OnBadLine onBadLine, TextStore texts) {
    this.onBadLine = onBadLine;
    this.texts = texts;
  }

  /**
   * @throws DataException if the file cannot be read, or holds bad lines that are not tolerated
   */
  public Result read(DataFile file) {
    List<PreferencePair> pairs = new ArrayList<>();
    List<BadLine> bad = new ArrayList<>();
    LongStream.Builder numbers = LongStream.builder();
    long lines = 0;
    long number = 0;
    try (PairSource source = open(file)) {
      while (source.next()) {
        number = source.number();
        lines++;
        try {
          pairs.add(stored(source.pair()));
          numbers.add(number);
        } catch (IllegalArgumentException e) {
          bad.add(new BadLine(file.path(), number, String.valueOf(e.getMessage())));
          stopIfTold(bad.getLast());
          if (bad.size() >= MANY_BAD) {
            stopIfTooMany(bad, lines);
          }
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "'%s' cannot be read after line %d: %s".formatted(file.path(), number, e.getMessage()),
          e);
    }
    stopIfTooMany(bad, lines);
    return new Result(pairs, bad, lines, numbers.build().toArray());
  }

  private static PairSource open(DataFile file) throws IOException {
    if (!Files.exists(file.path())) {
      throw new DataException("'" + file.path() + "' cannot be read: there is no such file");
    }
    if (Files.isDirectory(file.path())) {
      throw new DataException("'" + file.path() + "' cannot be read: it is a directory");
    }
    return isParquet(file.path()) ? ParquetRows.open(file) : JsonLines.open(file);
  }

  private static boolean isParquet(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return path.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")
          || new String(in.readNBytes(4), StandardCharsets.ISO_8859_1).equals("PAR1");
    }
  }

  private PreferencePair stored(PreferencePair pair) {
    String user = pair.user();
    String split = pair.split();
    return new PreferencePair(
            pair.dataset(),
            user == null ? null : shared(user),
            shared(pair.context()),
            pair.strength(),
            split == null ? null : shared(split),
            pair.texts())
        .storedIn(texts);
  }

  /** One object for all equal words. */
  private String shared(String word) {
    return shared.computeIfAbsent(word, key -> key);
  }

  private void stopIfTold(BadLine line) {
    if (onBadLine == OnBadLine.STOP) {
      throw new DataException(line.toString());
    }
  }

  private static void stopIfTooMany(List<BadLine> bad, long lines) {
    if (bad.size() > TOLERATED_BAD_SHARE * lines) {
      throw new DataException(
          bad.size()
              + " of "
              + lines
              + " lines are no preference pairs, more than 1 %. The first: "
              + bad.getFirst());
    }
  }
}
