package dev.palate.server.users;

import dev.palate.server.security.keys.KeysOfUsers;
import dev.palate.server.store.AdaptationTrigger;
import dev.palate.server.store.Floats;
import dev.palate.server.store.SolverColumns;
import dev.palate.server.store.UserId;
import dev.palate.server.users.UserExport.ComparisonEntry;
import dev.palate.server.users.UserExport.KeyEntry;
import dev.palate.server.users.UserExport.LabelEntry;
import dev.palate.server.users.UserExport.MarginsEntry;
import dev.palate.server.users.UserExport.WeightsEntry;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a {@link UserExport} as its rows arrive: in memory are as many rows as the driver fetches
 * at a time, however many labels the user gave.
 */
@Repository
class ExportWriter {

  /** A label may be of 300,000 characters. */
  private static final int FETCHED = 50;

  private static final String LABELS =
      """
      select l.id, l.label_id, coalesce(l.prompt, l.tie_prompt), l.chosen, l.rejected, l.tie,
        l.tie_first, l.tie_second, l.strength, l.created_at, l.content_hash, m.model_version,
        array_send(coalesce(m.margins, m.tie_margins)),
        array_send(coalesce(m.routing, m.tie_routing))
      from label l left join label_margin m on m.label = l.id
      where l.user_id = ? order by l.id, m.model_version
      """;

  private static final String COMPARISONS =
      """
      select c.id, c.comparison_id, c.prompt, c.first, c.second, c.created_at, c.pair_hash,
        m.model_version, array_send(m.margins), array_send(m.routing)
      from comparison c left join comparison_margin m on m.comparison = c.id
      where c.user_id = ? order by c.id, m.model_version
      """;

  private static final String WEIGHTS =
      """
      select model_version, version, array_send(shift), array_send(uncertainty), significant,
        nullif(agreement, 'NaN'), solved_seq, labels, solved_at, %s
      from %s where user_id = ? order by model_version, version
      """;

  private static final String IDEMPOTENCY_KEYS =
      "select key, created_at from idempotency where user_id = ? order by created_at, key";

  private final JdbcTemplate streams;
  private final JdbcClient jdbc;
  private final AdaptationTrigger adaptation;
  private final KeysOfUsers keys;
  private final JsonMapper json;

  ExportWriter(JdbcTemplate jdbc, AdaptationTrigger adaptation, KeysOfUsers keys, JsonMapper json) {
    this.streams = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
    this.adaptation = adaptation;
    this.keys = keys;
    this.json = json;
  }

  /** Flushes the stream and leaves it open. Nothing of it is whole unless this returns. */
  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public void write(UserId user, OutputStream stream) {
    try (JsonGenerator out =
        json.writer()
            .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .without(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .createGenerator(stream)) {
      out.writeStartObject();
      out.writePOJOProperty("user", user);
      standing(user, out);
      out.writeBooleanProperty("solve_pending", adaptation.isScheduled(user));
      pairs("labels", LABELS, user, out, 12, ExportWriter::label);
      pairs("comparisons", COMPARISONS, user, out, 8, ExportWriter::comparison);
      list(
          "expert_weights",
          WEIGHTS.formatted(SolverColumns.VERSION, "expert_weights"),
          user,
          out,
          ExportWriter::weights);
      list(
          "expert_weights_history",
          WEIGHTS.formatted("solver_version", "expert_weights_history"),
          user,
          out,
          ExportWriter::weights);
      list(
          "idempotency_keys",
          IDEMPOTENCY_KEYS,
          user,
          out,
          row -> new KeyEntry(row.getString(1), instant(row, 2)));
      out.writePOJOProperty("api_keys", keys.of(user.value()));
      out.writeEndObject();
    }
  }

  private void standing(UserId user, JsonGenerator out) {
    jdbc.sql(
            """
            select clock_timestamp(), created_at, feedback_at, coalesce(feedback_seq, 0)
            from (select ?::text as id) named left join users using (id)
            """)
        .param(user.value())
        .query((row, n) -> {
          out.writePOJOProperty("exported_at", instant(row, 1));
          if (row.getTimestamp(2) != null) {
            out.writePOJOProperty("created_at", instant(row, 2));
          }
          if (row.getLong(4) > 0) {
            out.writePOJOProperty("feedback_at", instant(row, 3));
          }
          out.writeNumberProperty("feedback_seq", row.getLong(4));
          return user;
        })
        .single();
  }

  private static PairEntry label(ResultSet row) throws SQLException {
    List<MarginsEntry> margins = new ArrayList<>();
    return new PairEntry(
        row.getLong(1),
        new LabelEntry(
            row.getString(2),
            row.getBoolean(6) ? true : null,
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(7) == null ? null : List.of(row.getString(7), row.getString(8)),
            row.getFloat(9),
            instant(row, 10),
            HexFormat.of().formatHex(row.getBytes(11)),
            margins),
        margins);
  }

  private static PairEntry comparison(ResultSet row) throws SQLException {
    List<MarginsEntry> margins = new ArrayList<>();
    return new PairEntry(
        row.getLong(1),
        new ComparisonEntry(
            row.getString(2),
            row.getString(3),
            List.of(row.getString(4), row.getString(5)),
            instant(row, 6),
            HexFormat.of().formatHex(row.getBytes(7)),
            margins),
        margins);
  }

  /**
   * A label or a comparison.
   *
   * @param entry holds the margins
   */
  private record PairEntry(long row, Object entry, List<MarginsEntry> margins) {}

  /** What the first row of a pair becomes. */
  private interface PairOf {
    PairEntry of(ResultSet row) throws SQLException;
  }

  /**
   * @param model the column of the model's version, with margins and routing behind it
   */
  private void pairs(
      String name, String sql, UserId user, JsonGenerator out, int model, PairOf pairOf) {
    out.writeArrayPropertyStart(name);
    Pairs pairs = new Pairs(out, model, pairOf);
    each(sql, user, pairs::take);
    pairs.finish();
    out.writeEndArray();
  }

  /** Rows of one pair follow each other. */
  private static final class Pairs {
    private final JsonGenerator out;
    private final int model;
    private final PairOf pairOf;
    private @Nullable PairEntry pair;

    Pairs(JsonGenerator out, int model, PairOf pairOf) {
      this.out = out;
      this.model = model;
      this.pairOf = pairOf;
    }

    void take(ResultSet next) throws SQLException {
      PairEntry present = pair;
      if (present == null || present.row() != next.getLong(1)) {
        finish();
        present = pairOf.of(next);
        pair = present;
      }
      String version = next.getString(model);
      if (version != null) {
        present
            .margins()
            .add(new MarginsEntry(version, Floats.of(next, model + 1), Floats.of(next, model + 2)));
      }
    }

    void finish() {
      if (pair != null) {
        out.writePOJO(pair.entry());
      }
    }
  }

  private static WeightsEntry weights(ResultSet row) throws SQLException {
    double agreement = row.getDouble(6);
    boolean without = row.wasNull();
    return new WeightsEntry(
        row.getString(1),
        row.getLong(2),
        row.getInt(10),
        Objects.requireNonNull(Floats.of(row, 3)),
        Objects.requireNonNull(Floats.of(row, 4)),
        booleans(row, 5),
        without ? null : agreement,
        row.getLong(7),
        row.getInt(8),
        instant(row, 9));
  }

  private static boolean[] booleans(ResultSet row, int column) throws SQLException {
    Boolean[] boxed = (Boolean[]) row.getArray(column).getArray();
    boolean[] values = new boolean[boxed.length];
    for (int k = 0; k < values.length; k++) {
      values[k] = boxed[k];
    }
    return values;
  }

  /** What one row becomes. */
  private interface Entry {
    Object of(ResultSet row) throws SQLException;
  }

  private void list(String name, String sql, UserId user, JsonGenerator out, Entry entry) {
    out.writeArrayPropertyStart(name);
    each(sql, user, row -> out.writePOJO(entry.of(row)));
    out.writeEndArray();
  }

  private void each(String sql, UserId user, RowCallbackHandler rows) {
    streams.query(
        connection -> {
          var statement = connection.prepareStatement(sql);
          statement.setFetchSize(FETCHED);
          statement.setString(1, user.value());
          return statement;
        },
        rows);
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return Objects.requireNonNull(time).toInstant();
  }
}
