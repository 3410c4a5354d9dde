package dev.palate.server.users;

import java.time.Duration;
import java.time.Instant;

/**
 * What is not kept for ever. Each call is one short transaction that waits for nobody's lock; rows
 * that somebody else holds are passed over.
 */
public interface Retention {

  /** A label, in the order of their age. */
  record Position(Instant createdAt, long label) {

    /** Before the oldest. */
    public static final Position START = new Position(Instant.EPOCH, 0);
  }

  /**
   * @param last the youngest of them; where there were none, what the call was given
   */
  record Dropped(int labels, Position last) {}

  /**
   * Drops prompt and responses of labels that are older and that the model has scored or set aside;
   * it needs the texts no more. Margins, strength, id and content hash stay.
   *
   * @param after only labels behind this one
   * @param limit at most so many
   */
  Dropped dropTexts(Duration age, String modelVersion, Position after, int limit);

  /**
   * Deletes comparisons that are older and nobody has labelled, with their margins.
   *
   * @return how many: fewer than the limit where none are left
   */
  int deleteComparisons(Duration age, int limit);

  /**
   * Deletes Idempotency-Keys that count no more.
   *
   * @return how many: fewer than the limit where none are left
   */
  int deleteIdempotencyKeys(int limit);
}
