package dev.palate.server.feedback;

import dev.palate.core.runtime.LiveModel;
import dev.palate.server.changes.LabelsChanged;
import dev.palate.server.comparisons.ComparisonRows;
import dev.palate.server.store.AdaptationTrigger;
import dev.palate.server.store.LabelRows;
import dev.palate.server.store.NewLabel;
import dev.palate.server.store.StoredWeights;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserRows;
import dev.palate.server.store.UserState;
import dev.palate.server.store.WeightsRepository;
import dev.palate.server.store.WeightsStatus;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes labels: one transaction under the user's row, no forward pass. When it has committed, the
 * labels are durable and the user's solve is scheduled; when it has not, neither is.
 */
@Service
class FeedbackService {

  private static final int SECONDS = 5;

  private final UserRows users;
  private final LabelRows labels;
  private final ComparisonRows comparisons;
  private final Idempotency idempotency;
  private final WeightsRepository weights;
  private final AdaptationTrigger adaptation;
  private final LiveModel model;
  private final ApplicationEventPublisher events;
  private final Counter accepted;
  private final Counter duplicates;

  FeedbackService(
      UserRows users,
      LabelRows labels,
      ComparisonRows comparisons,
      Idempotency idempotency,
      WeightsRepository weights,
      AdaptationTrigger adaptation,
      LiveModel model,
      ApplicationEventPublisher events,
      MeterRegistry meters) {
    this.users = users;
    this.labels = labels;
    this.comparisons = comparisons;
    this.idempotency = idempotency;
    this.weights = weights;
    this.adaptation = adaptation;
    this.model = model;
    this.events = events;
    this.accepted = meters.counter("palate.feedback.labels", "outcome", "accepted");
    this.duplicates = meters.counter("palate.feedback.labels", "outcome", "duplicate");
  }

  /**
   * A database that cannot do it in {@value #SECONDS} seconds is away: the client hears so, and
   * sends it again.
   *
   * @param key of the client's {@code Idempotency-Key} header
   * @throws ProblemException LABEL_CONFLICT or IDEMPOTENCY_CONFLICT, nothing stored
   */
  @Transactional(timeout = SECONDS)
  FeedbackReceipt take(UserId user, List<NewLabel> given, @Nullable String key) {
    UserState state = users.lockOrCreate(user);
    if (key != null) {
      Optional<FeedbackReceipt> before = idempotency.find(user, key, given);
      if (before.isPresent()) {
        return before.get();
      }
    }
    List<NewLabel> freshLabels = labels.fresh(user, given);
    comparisons.deleteLabelled(user, given);
    int fresh = freshLabels.size();
    long feedbackSeq = state.feedbackSeq();
    if (fresh > 0) {
      labels.add(user, freshLabels);
      feedbackSeq = users.raiseFeedbackSeq(user, fresh);
      adaptation.schedule(user);
      events.publishEvent(new LabelsChanged(user));
    }
    FeedbackReceipt receipt = receipt(user, fresh, given.size() - fresh, feedbackSeq);
    if (key != null) {
      idempotency.save(user, key, given, receipt);
    }
    accepted.increment(fresh);
    duplicates.increment(given.size() - fresh);
    return receipt;
  }

  private FeedbackReceipt receipt(UserId user, int fresh, int known, long feedbackSeq) {
    Optional<StoredWeights> stored = weights.find(user, model.current().bundle().version());
    boolean solved = stored.isPresent() && stored.get().solvedSeq() >= feedbackSeq;
    return new FeedbackReceipt(
        user,
        fresh,
        known,
        labels.count(user),
        feedbackSeq,
        stored.map(StoredWeights::version).orElse(0L),
        solved ? WeightsStatus.CURRENT : WeightsStatus.PENDING);
  }

  /**
   * @throws ProblemException NOT_FOUND if the user has no such label
   */
  @Transactional(timeout = SECONDS)
  void delete(UserId user, String labelId) {
    if (users.lock(user).isEmpty() || !labels.delete(user, labelId)) {
      throw new ProblemException(ErrorCode.NOT_FOUND, "The user has no label of this id");
    }
    users.raiseFeedbackSeq(user, 1);
    adaptation.schedule(user);
    events.publishEvent(new LabelsChanged(user));
  }
}
