package dev.palate.journey;

import dev.palate.core.taste.LabelMargin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Synthetic users with labels whose margins are stored, put into a database without the service's
 * help: made by the server from a pool of margins, so that a million users take minutes.
 */
final class StoredUsers {

  static final int LABELS = 20;
  private static final int POOL = 4_000;

  private StoredUsers() {}

  /** Margins of unit variance, and routing that is a softmax of spread logits. */
  static List<LabelMargin> pool(int k) {
    Random random = new Random(5);
    List<LabelMargin> pool = new ArrayList<>();
    for (int i = 0; i < POOL; i++) {
      float[] margins = new float[k];
      float[] routing = new float[k];
      double total = 0;
      for (int j = 0; j < k; j++) {
        margins[j] = (float) random.nextGaussian();
        routing[j] = (float) Math.exp(2 * random.nextGaussian());
        total += routing[j];
      }
      for (int j = 0; j < k; j++) {
        routing[j] /= (float) total;
      }
      pool.add(new LabelMargin(margins, routing, 1));
    }
    return pool;
  }

  /**
   * The label tables are not logged, which makes them quicker to fill and no different to read;
   * what the bulk writes is logged as ever.
   */
  static void store(Connection database, int users, String modelVersion, int k)
      throws SQLException {
    try (Statement sql = database.createStatement()) {
      // no foreign keys are checked while loading
      sql.execute("set session_replication_role = replica");
      sql.execute("set synchronous_commit = off");
      sql.execute("alter table label_margin set unlogged");
      sql.execute("alter table label set unlogged");
      sql.execute("create temp table pool (n integer primary key, margins real[], routing real[])");
      fill(database, pool(k));
      sql.execute(
          """
          insert into users (id, incarnation, feedback_seq)
          select 'user-' || lpad(i::text, 8, '0'), gen_random_uuid(), %d
          from generate_series(1, %d) i
          """
              .formatted(LABELS, users));
      sql.execute(
          """
          insert into label (id, user_id, label_id, prompt, chosen, rejected, strength, content_hash)
          select (i - 1) * %1$d + l, 'user-' || lpad(i::text, 8, '0'), 'label-' || l,
            repeat('prompt ', 8), repeat('chosen ', 8), repeat('other ', 8), 1,
            sha256((i * %1$d + l)::text::bytea)
          from generate_series(1, %2$d) i, generate_series(1, %1$d) l
          """
              .formatted(LABELS, users));
      sql.execute(
          """
          insert into label_margin (label, model_version, margins, routing)
          select i, '%s', p.margins, p.routing from generate_series(1::bigint, %d) i
          join pool p on p.n = i * 7919 %% %d
          """
              .formatted(modelVersion, (long) LABELS * users, POOL));
      sql.execute("vacuum analyze users, label, label_margin");
    }
  }

  private static void fill(Connection database, List<LabelMargin> pool) throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement("insert into pool values (?, ?, ?)")) {
      for (int i = 0; i < pool.size(); i++) {
        insert.setInt(1, i);
        insert.setObject(2, pool.get(i).margins());
        insert.setObject(3, pool.get(i).routing());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
