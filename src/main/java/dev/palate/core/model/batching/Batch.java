package dev.palate.core.model.batching;

import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sequences of one or many calls that go through the model together, padded to one length. */
final class Batch {
  private final int length;
  private final List<Row> rows;
  private @Nullable TokenBatch laidOut;

  /** One sequence of a call. */
  record Row(Call call, int index) {
    Sequence sequence() {
      return call.sequences.get(index);
    }

    int paddedLength() {
      return call.paddedLength(index);
    }
  }

  Batch(int length, List<Row> rows) {
    this.length = length;
    this.rows = List.copyOf(rows);
  }

  List<Row> rows() {
    return rows;
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Tokens without padding. */
  long tokens() {
    return rows.stream().mapToLong(row -> row.sequence().length()).sum();
  }

  long paddedTokens() {
    return (long) rows.size() * length;
  }

  /** The arrays, made at the first call. */
  TokenBatch layOut() {
    if (laidOut == null) {
      laidOut = TokenBatch.of(rows.stream().map(Row::sequence).toList(), length);
    }
    return laidOut;
  }

  /** Without the rows of calls nobody waits for any more. */
  Batch without(Predicate<Call> dead) {
    List<Row> alive = rows.stream().filter(row -> !dead.test(row.call)).toList();
    return alive.size() == rows.size() ? this : new Batch(length, alive);
  }

  List<Batch> halves() {
    int middle = rows.size() / 2;
    return List.of(
        new Batch(length, rows.subList(0, middle)),
        new Batch(length, rows.subList(middle, rows.size())));
  }
}
