package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.lab.data.PairReader.OnBadLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetRowsTest {

  private static final String MESSAGE = "{'role': 'user', 'content': 'q' || i}";
  private static final String ANSWER = "{'role': 'assistant', 'content': 'a' || i}";
  private static final String OTHER = "{'role': 'assistant', 'content': 'b' || i}";

  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"uncompressed", "snappy", "zstd", "gzip"})
  void readsEveryColumnInEveryUsualCompression(String compression) throws SQLException {
    Path file =
        write(
            "select 'id' || i as id, 'u' || i % 7 as user, 'tea' as context, 'p' || i as prompt,"
                + " 'a' || i as chosen, 'b' || i as rejected, 0.5 as strength,"
                + " case when i % 2 = 0 then 'train' end as split, 'c' || i // 2 as pair,"
                + " i as other from range(3000) t(i)",
            "compression " + compression + ", row_group_size 2048");
    List<PreferencePair> pairs = read(file, OnBadLine.STOP).pairs();
    assertThat(pairs).hasSize(3000);
    for (int i = 0; i < 3000; i++) {
      PreferencePair pair = pairs.get(i);
      assertThat(
              Arrays.asList(
                  pair.id(),
                  pair.user(),
                  pair.context(),
                  pair.prompt().text(),
                  pair.chosen(),
                  pair.rejected(),
                  pair.strength(),
                  pair.split(),
                  pair.choice()))
          .isEqualTo(
              Arrays.asList(
                  "id" + i,
                  "u" + i % 7,
                  "tea",
                  "p" + i,
                  "a" + i,
                  "b" + i,
                  0.5,
                  i % 2 == 0 ? "train" : null,
                  "c" + i / 2));
    }
  }

  @Test
  void listsOfStructsAreListsOfMessages() throws SQLException {
    Path file =
        write(
            "select [%s, %s, %s] as messages, [%s] as chosen, [%s] as rejected from range(3) t(i)"
                .formatted(MESSAGE, ANSWER, MESSAGE, ANSWER, OTHER),
            "compression snappy");
    PreferencePair last = read(file, OnBadLine.STOP).pairs().getLast();
    assertThat(List.of(last.prompt().text(), last.chosen(), last.rejected()))
        .isEqualTo(List.of("user: q2\n\nassistant: a2\n\nuser: q2", "a2", "b2"));
  }

  @Test
  void aTrlFileWithoutPromptSharesItsFirstMessages() throws SQLException {
    Path file =
        write(
            "select [%s, %s] as chosen, [%s, %s] as rejected from range(3) t(i)"
                .formatted(MESSAGE, ANSWER, MESSAGE, OTHER),
            "compression zstd");
    PreferencePair first = read(file, OnBadLine.STOP).pairs().getFirst();
    assertThat(first.prompt().text() + first.chosen() + first.rejected()).isEqualTo("q0a0b0");
  }

  @Test
  void numbersMayNameUsersAndMissingIdsAreTheRows() throws SQLException {
    Path file =
        write(
            "select 1234567890123 as user, 'p' as prompt, 'a' as chosen, 'b' as rejected",
            "compression snappy");
    PreferencePair pair = read(file, OnBadLine.STOP).pairs().getFirst();
    assertThat(pair.userKey() + " " + pair.id()).isEqualTo("made/1234567890123 made:1");
  }

  @Test
  void badRowsAreCountedWithTheirNumberAndTheRunGoesOn() throws SQLException {
    Path file =
        write(
            "select 'p' as prompt, case when i <> 149 then 'a' end as chosen, 'b' as rejected,"
                + " from range(300) t(i)",
            "compression snappy");
    PairReader.Result result = read(file, OnBadLine.SKIP);
    assertThat(result.pairs()).hasSize(299);
    assertThat(result.bad()).singleElement().asString().startsWith(file + ":150: 'chosen'");
    assertThatThrownBy(() -> read(file, OnBadLine.STOP)).hasMessageStartingWith(file + ":150: ");
  }

  @Test
  void aMissingColumnIsNamedWithThoseThatAreThere() throws SQLException {
    Path file = write("select 'p' as prompt, 'a' as chosen, 1 as score", "compression snappy");
    assertThatThrownBy(() -> read(file, OnBadLine.SKIP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no column 'rejected'; it has [prompt, chosen, score]");
  }

  @Test
  void aFileCutShortIsRefused() throws SQLException, IOException {
    Path file =
        write(
            "select 'p' as prompt, 'a' || i as chosen, 'b' as rejected from range(9) t(i)",
            "compression snappy");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> read(file, OnBadLine.SKIP))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + "' cannot be read");
  }

  @Test
  void aFileThatOnlyNamesItselfParquetIsRefused() throws IOException {
    Path file = Files.writeString(dir.resolve("rows.parquet"), "{}\n");
    assertThatThrownBy(() -> read(file, OnBadLine.SKIP)).isInstanceOf(DataException.class);
  }

  private Path write(String query, String options) throws SQLException {
    Path file = dir.resolve("rows.parquet");
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement()) {
      statement.execute("copy (%s) to '%s' (format parquet, %s)".formatted(query, file, options));
    }
    return file;
  }

  private static PairReader.Result read(Path file, OnBadLine onBadLine) {
    return new PairReader(onBadLine).read(new DataFile("made", file, ""));
  }
}
