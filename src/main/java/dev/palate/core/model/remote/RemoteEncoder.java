package dev.palate.core.model.remote;

import dev.palate.core.model.ForwardCounts;
import dev.palate.core.model.remote.EmbeddingRequests.Course;
import dev.palate.core.model.remote.RemoteEncoderException.Cause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A server of {@code POST /v1/embeddings}, as vLLM, Text Embeddings Inference and others have it:
 * what becomes of a call's texts. How one request is answered is {@link EmbeddingRequests}'.
 *
 * <p><b>Batches.</b> A call's texts go in requests of at most {@code batch-size} texts. Calls are
 * not gathered into common requests: such servers batch what reaches them at once.
 *
 * <p><b>Texts it will not read.</b> Where a server refuses a request for what is in it (400, 413,
 * 422: a text over its limit, or too many texts), its halves are sent, down to single texts; a
 * single text is cut to half its length, again and again. What is refused to the last has a row of
 * NaN, so that it fails alone.
 */
final class RemoteEncoder implements AutoCloseable {
  static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final int LEAST_CHARACTERS = 16;

  private final RemoteEncoderSettings settings;
  private final ForwardCounts counts = new ForwardCounts();
  private final EmbeddingRequests requests;

  /**
   * @param model its name on the server
   */
  RemoteEncoder(
      RemoteEncoderSettings settings,
      String model,
      RemoteMeters meters,
      RandomGenerator random,
      Clock clock) {
    this.settings = settings;
    this.requests = new EmbeddingRequests(settings, model, meters, counts, random, clock);
  }

  /**
   * A text as it was read.
   *
   * @param row {@code float[d]}, of length 1; all NaN where there is no embedding
   * @param cut whether the server read it only after it was cut
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(float[] row, boolean cut) {
    boolean finite() {
      return Float.isFinite(row[0]); // all of a row are, or none
    }
  }

  /**
   * What a call was answered.
   *
   * @param rows in the order of the texts, of one dimension
   * @param queue how long the call waited here before the first of its requests was sent
   */
  record Embedded(List<Row> rows, Duration queue) {}

  ForwardCounts counts() {
    return counts;
  }

  RemoteEncoderSettings settings() {
    return settings;
  }

  /**
   * Embeds all texts, or none.
   *
   * @param characters of a text that are sent at most
   * @param deadline null: none of the caller's own
   * @throws RemoteEncoderException where that cannot be had
   * @throws CancellationException if the thread is interrupted
   */
  Embedded embed(List<RemoteText> texts, int characters, @Nullable Instant deadline) {
    Course course = requests.course(deadline);
    List<List<RemoteText>> batches = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += settings.batchSize()) {
      batches.add(texts.subList(from, Math.min(texts.size(), from + settings.batchSize())));
    }
    try {
      List<Row> rows =
          batches.size() == 1
              ? read(batches.getFirst(), characters, course)
              : together(batches, characters, course);
      return new Embedded(rows, course.queued());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("the caller was interrupted");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  /** The first batch that fails ends the others. */
  private List<Row> together(List<List<RemoteText>> batches, int characters, Course course)
      throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<Boolean> done = new ExecutorCompletionService<>(threads);
      List<List<Row>> rows = new ArrayList<>();
      try {
        for (List<RemoteText> batch : batches) {
          List<Row> own = new ArrayList<>();
          rows.add(own);
          done.submit(() -> own.addAll(read(batch, characters, course)));
        }
        for (int i = 0; i < batches.size(); i++) {
          done.take().get();
        }
        return rows.stream().flatMap(List::stream).toList();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private List<Row> read(List<RemoteText> texts, int characters, Course course)
      throws InterruptedException {
    try {
      float[][] rows =
          requests.rows(texts.stream().map(text -> text.cut(characters)).toList(), course);
      List<Row> read = new ArrayList<>(rows.length);
      for (float[] row : rows) {
        read.add(new Row(row, false));
      }
      return read;
    } catch (RemoteEncoderException e) {
      if (e.why() != Cause.TEXTS_REFUSED) {
        throw e;
      }
    }
    if (texts.size() == 1) {
      return List.of(shortened(texts.getFirst(), characters, course));
    }
    int middle = texts.size() / 2;
    List<Row> halves = new ArrayList<>(read(texts.subList(0, middle), characters, course));
    halves.addAll(read(texts.subList(middle, texts.size()), characters, course));
    return halves;
  }

  /** A text that was refused in this length. */
  private Row shortened(RemoteText text, int characters, Course course)
      throws InterruptedException {
    int half = Math.min(text.length(), characters) / 2;
    if (half < LEAST_CHARACTERS) {
      counts.poisoned.increment();
      return new Row(new float[] {Float.NaN}, false);
    }
    return new Row(read(List.of(text), half, course).getFirst().row(), true);
  }

  @Override
  public void close() {
    requests.close();
  }
}
