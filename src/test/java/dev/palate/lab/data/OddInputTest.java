package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.lab.data.PairReader.OnBadLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files look like that nobody meant to be odd. */
class OddInputTest {

  private static final String GOOD = "{\"prompt\":\"p\",\"chosen\":\"ä\",\"rejected\":\"b\"}\n";

  @TempDir private Path dir;

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
    assertThat(read("\ufeff" + GOOD + GOOD).pairs()).hasSize(2);
  }

  @Test
  void linesMayEndAsOnWindowsAndTheLastNeedNotEnd() throws IOException {
    assertThat(read((GOOD + GOOD).replace("\n", "\r\n").stripTrailing()).pairs()).hasSize(2);
  }

  @Test
  void blankLinesAreNoLinesButAreNumbered() throws IOException {
    PairReader.Result result = read("\n  \r\n" + GOOD.repeat(200) + "\n\nodd\n");
    assertThat(result.lines()).isEqualTo(201);
    assertThat(result.bad()).singleElement().extracting(PairReader.BadLine::line).isEqualTo(205L);
  }

  @Test
  void anEmptyFileHasNoPairs() throws IOException {
    assertThat(read("").lines()).isZero();
  }

  @Test
  void aLineThatIsNotUtf8IsBadAndTheNextIsRead() throws IOException {
    byte[] latin1 = GOOD.getBytes(StandardCharsets.ISO_8859_1);
    PairReader.Result result =
        read(bytes(GOOD.repeat(150).getBytes(UTF_8), latin1, GOOD.getBytes(UTF_8)));
    assertThat(result.pairs()).hasSize(151);
    assertThat(reasons(result)).containsExactly("the line is not UTF-8");
  }

  @Test
  void aFileInUtf16IsRefusedAtItsFirstLine() {
    assertThatThrownBy(() -> read(GOOD.getBytes(Charset.forName("UTF-16"))))
        .hasMessageContaining("pairs.jsonl:1: the line is not UTF-8");
  }

  @Test
  void aHugeLineIsPassedOverWithoutBeingHeld() throws IOException {
    byte[] huge = new byte[JsonLines.MAX_LINE_BYTES + 1];
    Arrays.fill(huge, (byte) 'x');
    byte[] good = GOOD.repeat(150).getBytes(UTF_8);
    PairReader.Result result = read(bytes(good, huge, "\n".getBytes(UTF_8), good));
    assertThat(result.pairs()).hasSize(300);
    assertThat(reasons(result))
        .singleElement()
        .asString()
        .startsWith("the line has 16777217 bytes");
  }

  @Test
  void aGzipOfSeveralMembersIsReadToItsEnd() throws IOException {
    assertThat(read(bytes(gzip(GOOD.repeat(3)), gzip(GOOD), gzip(GOOD.repeat(2)))).pairs())
        .hasSize(6);
  }

  @Test
  void aGzipCutShortIsRefusedEvenWhereBadLinesAreSkipped() throws IOException {
    byte[] whole = gzip(GOOD.repeat(1000));
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 12)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cannot be read after line ");
  }

  @Test
  void aDirectoryIsNoFile() {
    assertThatThrownBy(() -> new PairReader(OnBadLine.SKIP).read(new DataFile("made", dir, "")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(dir + "' cannot be read: it is a directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt':'p','chosen':'a','chosen':'c','rejected':'b'}",
        "{'prompt':'p','chosen':'a','rejected':'b'} {}",
        "{'prompt':'p','chosen':'a','rejected':'b'",
        "{'prompt':'p','chosen':'a','rejected':'b','strength':'1'}",
        "{'prompt':'p','chosen':'a','rejected':'b','strength':1e999}",
        "{'prompt':'p','chosen':'a','rejected':'b','strength':0}",
        "{'prompt':'p','chosen':'a','rejected':'b','strength':NaN}",
        "{'prompt':'p','chosen':'a','rejected':'b','user':['ann']}",
        "{'prompt':7,'chosen':'a','rejected':'b'}",
        "{'prompt':[],'chosen':'a','rejected':'b'}",
        "{'prompt':'p','chosen':null,'rejected':'b'}",
        "{'prompt':'p','chosen':' ','rejected':'b'}",
        "{'prompt':'p','chosen':'a \\ud83c','rejected':'b'}",
        "{'prompt':'p','chosen':[{'role':'assistant'}],'rejected':'b'}",
        "{'chosen':'a','rejected':'b'}",
        "null",
        "'text'",
      })
  void isNoPairAndSaysWhy(String line) throws IOException {
    PairReader.Result result = read(GOOD.repeat(150) + line.replace('\'', '"') + "\n");
    assertThat(result.pairs()).hasSize(150);
    assertThat(reasons(result)).singleElement().asString().isNotBlank().isNotEqualTo("null");
  }

  @Test
  void deepNestingIsABadLineAndNoStackOverflow() throws IOException {
    PairReader.Result result = read(GOOD.repeat(150) + "[".repeat(100_000) + "\n");
    assertThat(result.bad()).hasSize(1);
  }

  @Test
  void aLargeFileOfTheWrongKindIsGivenUpEarly() {
    assertThatThrownBy(() -> read("no json\n".repeat(100_000)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("10000 of 10000 lines");
  }

  private static final Charset UTF_8 = StandardCharsets.UTF_8;

  private PairReader.Result read(String text) throws IOException {
    return read(text.getBytes(UTF_8));
  }

  private PairReader.Result read(byte[] bytes) throws IOException {
    Path file = Files.write(dir.resolve("pairs.jsonl"), bytes);
    return new PairReader(OnBadLine.SKIP).read(new DataFile("made", file, ""));
  }

  private static List<String> reasons(PairReader.Result result) {
    return result.bad().stream().map(PairReader.BadLine::reason).toList();
  }

  private static byte[] bytes(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
