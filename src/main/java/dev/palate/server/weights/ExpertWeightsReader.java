package dev.palate.server.weights;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.runtime.LiveModel;
import dev.palate.server.store.Labels;
import dev.palate.server.store.StoredWeights;
import dev.palate.server.store.User;
import dev.palate.server.store.UserId;
import dev.palate.server.store.Users;
import dev.palate.server.store.WeightsRepository;
import dev.palate.server.store.WeightsStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reads a user's weights for the live model, all of one moment. */
@Service
public class ExpertWeightsReader {

  /** Then the database is as good as away. */
  private static final int SECONDS = 5;

  private final WeightsRepository weights;
  private final Users users;
  private final Labels labels;
  private final LiveModel model;

  ExpertWeightsReader(WeightsRepository weights, Users users, Labels labels, LiveModel model) {
    this.weights = weights;
    this.users = users;
    this.labels = labels;
    this.model = model;
  }

  /**
   * @param etag changes whenever the view does
   */
  public record Versioned(String etag, ExpertWeightsView view) {}

  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ, timeout = SECONDS)
  public Versioned read(UserId user) {
    Bundle bundle = model.current().bundle();
    Optional<StoredWeights> stored = weights.find(user, bundle.version());
    Optional<User> row = users.findById(user.value());
    int count = labels.countByUserId(user.value());
    ExpertWeightsView view =
        stored
            .map(w -> ExpertWeightsView.solved(user, bundle, w, count))
            .orElseGet(() -> ExpertWeightsView.unsolved(user, bundle, statusUnsolved(row), count));
    return new Versioned(etag(view, row), view);
  }

  private static WeightsStatus statusUnsolved(Optional<User> row) {
    return row.filter(user -> user.feedbackSeq() > 0).isPresent()
        ? WeightsStatus.PENDING
        : WeightsStatus.PRIOR;
  }

  /**
   * The version alone would not do: status and label count move before it does, and an erased user
   * who comes again starts over at version 1.
   */
  private static String etag(ExpertWeightsView view, Optional<User> row) {
    String state =
        row.map(u -> "-" + Integer.toHexString(Objects.hash(u.incarnation(), u.feedbackSeq())))
            .orElse("");
    return "\"%s-%s-%d-%d%s\""
        .formatted(view.model(), view.modelVersion(), view.solverVersion(), view.version(), state);
  }

  /** The live model's versions, newest first. */
  @Transactional(readOnly = true, timeout = SECONDS)
  public HistoryPage history(UserId user, int limit, @Nullable Long before) {
    Bundle bundle = model.current().bundle();
    List<StoredWeights> rows =
        weights
            .history(
                user.value(),
                bundle.version(),
                before == null ? Long.MAX_VALUE : before,
                Limit.of(limit + 1))
            .stream()
            .map(row -> row.stored(0))
            .toList();
    return HistoryPage.of(user, bundle, rows, limit);
  }
}
