package dev.palate.lab.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;

/** JSON Lines, gzipped or not (told by content, not by name); blank lines are passed over. */
final class JsonLines implements PairSource {

  /** A line this long is no preference pair but a file without line ends. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private final String dataset;
  private final PairParser parser = new PairParser();
  private final LineReader lines;

  private JsonLines(String dataset, LineReader lines) {
    this.dataset = dataset;
    this.lines = lines;
  }

  static JsonLines open(DataFile file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file.path()), 1 << 16);
    try {
      bytes.mark(2);
      boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      InputStream plain = gzip ? new GZIPInputStream(bytes, 1 << 16) : bytes;
      return new JsonLines(file.name(), new LineReader(plain, MAX_LINE_BYTES));
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  @Override
  public boolean next() throws IOException {
    while (lines.next()) {
      if (!lines.isBlank()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long number() {
    return lines.number();
  }

  @Override
  public PreferencePair pair() {
    return parser.parse(dataset, parser.tree(lines.line()), lines.number());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
