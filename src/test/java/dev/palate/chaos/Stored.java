package dev.palate.chaos;

import dev.palate.core.taste.LabelMargin;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What the database holds of users whose ids begin alike, read past the service.
 *
 * @param jobs left in the scheduler's table, of whomever
 */
record Stored(List<Labelled> labels, List<Weighted> users, long jobs) {

  /**
   * A label's row.
   *
   * @param margin null: not scored
   */
  record Labelled(SentLabel label, LabelMargin margin) {}

  /**
   * A user's row with their weights.
   *
   * @param solvedSeq -1: no weights
   */
  record Weighted(String user, long feedbackSeq, long solvedSeq, int labels, Weights weights) {}

  /** float[k] each; null where there are none. */
  record Weights(float[] shift, float[] uncertainty, boolean[] significant) {}

  static Stored read(Connection connection, String prefix, String modelVersion)
      throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement sql = connection.createStatement()) {
      List<Labelled> labels = new ArrayList<>();
      try (ResultSet rows =
          sql.executeQuery(
              """
              select user_id, label_id, prompt, chosen, rejected, strength, margins, routing
              from label l left join label_margin m on m.label = l.id and m.model_version = '%s'
              where user_id like '%s%%' order by user_id, label_id
              """
                  .formatted(modelVersion, prefix))) {
        while (rows.next()) {
          SentLabel label =
              new SentLabel(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getString(5),
                  rows.getFloat(6));
          Array margins = rows.getArray(7);
          labels.add(
              new Labelled(
                  label,
                  margins == null
                      ? null
                      : new LabelMargin(
                          floats(margins), floats(rows.getArray(8)), label.strength())));
        }
      }
      List<Weighted> users = new ArrayList<>();
      try (ResultSet rows =
          sql.executeQuery(
              """
              select id, feedback_seq, coalesce(solved_seq, -1), coalesce(labels, 0), shift,
                uncertainty, significant, coalesce(solver_version_at = w.version, false)
              from users u left join expert_weights w on w.user_id = u.id and w.model_version = '%s'
              where id like '%s%%' order by id
              """
                  .formatted(modelVersion, prefix))) {
        while (rows.next()) {
          boolean solved = rows.getLong(3) >= 0;
          // the other version's solver may give others
          boolean ours = rows.getBoolean(8) || ChaosCluster.otherJar().isEmpty();
          users.add(
              new Weighted(
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getLong(3),
                  rows.getInt(4),
                  solved && ours
                      ? new Weights(
                          floats(rows.getArray(5)),
                          floats(rows.getArray(6)),
                          booleans(rows.getArray(7)))
                      : null));
        }
      }
      try (ResultSet rows =
          sql.executeQuery("select count(*) from scheduled_tasks where task_name <> 'retention'")) {
        rows.next();
        return new Stored(labels, users, rows.getLong(1));
      }
    } finally {
      connection.rollback();
    }
  }

  private static float[] floats(Array array) throws SQLException {
    Float[] boxed = (Float[]) array.getArray();
    float[] values = new float[boxed.length];
    for (int k = 0; k < boxed.length; k++) {
      values[k] = boxed[k];
    }
    return values;
  }

  private static boolean[] booleans(Array array) throws SQLException {
    Boolean[] boxed = (Boolean[]) array.getArray();
    boolean[] values = new boolean[boxed.length];
    for (int k = 0; k < boxed.length; k++) {
      values[k] = boxed[k];
    }
    return values;
  }
}
