package dev.palate.server.store;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import org.hibernate.annotations.Array;

/** What a solve left, the same in the current weights and in their history. */
@MappedSuperclass
abstract class SolvedColumns {

  private static final int MAX_EXPERTS = 1024;

  @Array(length = MAX_EXPERTS)
  @Column(columnDefinition = "real[]")
  private float[] shift;

  @Array(length = MAX_EXPERTS)
  @Column(columnDefinition = "real[]")
  private float[] uncertainty;

  @Array(length = MAX_EXPERTS)
  @Column(columnDefinition = "boolean[]")
  private boolean[] significant;

  private double agreement;
  private long solvedSeq;
  private int labels;
  private Instant solvedAt;

  @SuppressWarnings("NullAway.Init")
  protected SolvedColumns() {}

  StoredWeights stored(String modelVersion, long version, int solverVersion, long feedbackSeq) {
    return new StoredWeights(
        modelVersion,
        version,
        solverVersion,
        shift,
        uncertainty,
        significant,
        labels,
        agreement,
        solvedSeq,
        feedbackSeq,
        solvedAt);
  }
}
