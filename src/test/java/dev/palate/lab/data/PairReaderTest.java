package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.lab.data.PairReader.OnBadLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairReaderTest {

  private static final String GOOD = "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}\n";

  @TempDir private Path dir;

  @Test
  void readsEveryFieldOfALine() throws IOException {
    assertThat(
            held(
                one(
                    "{'id':'7','user':'ann','context':'tea','prompt':'p','chosen':'a','rejected':'b',"
                        + "'strength':0.5,'split':'train-users','pair':'c1'}")))
        .isEqualTo(
            new PreferencePair(
                "made",
                "7",
                "ann",
                "tea",
                new dev.palate.core.model.Prompt("p"),
                "a",
                "b",
                0.5,
                "train-users",
                "c1"));
  }

  @Test
  void readsGzipWhateverTheName() throws IOException {
    Path file = dir.resolve("pairs.jsonl");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(GOOD.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(file, OnBadLine.STOP).pairs()).hasSize(1);
  }

  @Test
  void messagesAreThePromptWhereBothAreGiven() throws IOException {
    PreferencePair pair =
        one(
            "{'prompt':'last','messages':[{'role':'user','content':'hi'},"
                + "{'role':'assistant','content':'yes?'},{'role':'user','content':'last'}],"
                + "'chosen':'a','rejected':'b'}");
    assertThat(pair.prompt().text()).isEqualTo("user: hi\n\nassistant: yes?\n\nuser: last");
  }

  @Test
  void aTrlLineWithoutPromptSharesItsFirstMessages() throws IOException {
    PreferencePair pair =
        one(
            "{'chosen':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}],"
                + "'rejected':[{'role':'user','content':'q'},{'role':'assistant','content':'b'}]}");
    assertThat(pair.prompt().text() + pair.chosen() + pair.rejected()).isEqualTo("qab");
  }

  @Test
  void aTrlLineMayGiveItsPromptAsMessages() throws IOException {
    PreferencePair pair =
        one(
            "{'prompt':[{'role':'user','content':'q'}],"
                + "'chosen':[{'role':'assistant','content':'a'}],"
                + "'rejected':[{'role':'assistant','content':'b'}]}");
    assertThat(pair.prompt().text() + pair.chosen() + pair.rejected()).isEqualTo("qab");
  }

  @Test
  void aBadLineIsCountedWithFileAndNumberAndTheRunGoesOn() throws IOException {
    Path file = write(GOOD.repeat(150) + "{\"prompt\":\"p\"}\n" + GOOD);
    PairReader.Result result = read(file, OnBadLine.SKIP);
    assertThat(result.pairs()).hasSize(151);
    assertThat(result.bad()).hasSize(1).first().asString().startsWith(file + ":151: 'chosen'");
  }

  @Test
  void moreThanOneBadLineInAHundredEndsTheRun() throws IOException {
    Path file = write(GOOD.repeat(98) + "no json\nno json\n");
    assertThatThrownBy(() -> read(file, OnBadLine.SKIP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("2 of 100 lines")
        .hasMessageContaining(file + ":99: not JSON");
  }

  @Test
  void toldToStopItStopsAtTheFirstBadLine() throws IOException {
    Path file = write(GOOD.repeat(500) + "[]\n" + GOOD);
    assertThatThrownBy(() -> read(file, OnBadLine.STOP))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ":501: not a JSON object");
  }

  @Test
  void sameTextOnBothSidesIsNoPair() throws IOException {
    Path file = write("{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"a\"}\n");
    assertThatThrownBy(() -> read(file, OnBadLine.STOP)).hasMessageContaining("the same text");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = dir.resolve("none.jsonl");
    assertThatThrownBy(() -> read(file, OnBadLine.SKIP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aDataFileIsNamedAfterItsFolderWhereItsOwnNameSaysNothing() {
    assertThat(DataFile.parse("tea/pairs.jsonl.gz;CC BY 4.0"))
        .isEqualTo(new DataFile("tea", Path.of("tea/pairs.jsonl.gz"), "CC BY 4.0"));
  }

  private static PreferencePair held(PreferencePair pair) {
    return new PreferencePair(
        pair.dataset(),
        pair.id(),
        pair.user(),
        pair.context(),
        pair.prompt(),
        pair.chosen(),
        pair.rejected(),
        pair.strength(),
        pair.split(),
        pair.choice());
  }

  private PreferencePair one(String line) throws IOException {
    return read(write(line.replace('\'', '"') + "\n"), OnBadLine.STOP).pairs().getFirst();
  }

  private Path write(String lines) throws IOException {
    return Files.writeString(dir.resolve("pairs.jsonl"), lines);
  }

  private static PairReader.Result read(Path file, OnBadLine onBadLine) {
    return new PairReader(onBadLine).read(new DataFile("made", file, ""));
  }
}
