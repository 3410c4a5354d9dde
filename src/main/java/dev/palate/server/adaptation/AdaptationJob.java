package dev.palate.server.adaptation;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.RewardModel;
import dev.palate.core.runtime.LiveModel;
import dev.palate.core.taste.LabelMargin;
import dev.palate.server.changes.WeightsSolved;
import dev.palate.server.store.SolvedWeights;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMemory;
import dev.palate.server.store.UserState;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Labels become weights, in the background, one run per user at a time.
 *
 * <p><b>The promise.</b> Once feedback is acknowledged, the user's weights will come to contain it,
 * whatever is killed in between. It rests on one number: each change to a user's labels raises the
 * user's {@code feedback_seq} in the change's own transaction; weights carry as {@code solved_seq}
 * the {@code feedback_seq} that was read before their labels were. Weights are up to date if and
 * only if the two are equal (and they are of the present solver: those of an older one are solved
 * again in bulk). Everything below keeps one sentence true: <em>while they differ, the user has a
 * row in {@code scheduled_tasks}</em>.
 *
 * <p><b>Scheduling.</b> Feedback inserts the row ({@code adapt}, user id) in its own transaction:
 * both commit or neither. The insert does nothing where the row is there already, so a burst of
 * feedback is one run. The scheduler is woken after the commit; another instance that sleeps finds
 * the row at its next poll.
 *
 * <p><b>The lost wake-up.</b> A label that commits while its user's job runs finds the row in place
 * and schedules nothing; were the row removed when the job ends, nobody would ever solve that
 * label. So {@link AdaptationTask} ends a run in one transaction: lock the user's row, compare
 * {@code feedback_seq} with what the run had read, and remove the task's row only if they are
 * equal, else make it due now. Feedback takes the same lock before it raises {@code feedback_seq}
 * and before it looks for the task's row; either it comes first and the comparison sees it, or it
 * comes second and finds no row, and inserts one.
 *
 * <p><b>At least once.</b> A run may be repeated (an instance is killed, or stalls so long that its
 * heartbeats are missed and a second run starts beside it). Margins are inserted once per label and
 * model and are the same whoever computes them; weights are written under the user's lock and only
 * over an older {@code solved_seq}. The last run to read is the last to be kept.
 *
 * <p><b>Erasure.</b> An erased user who comes again has a new incarnation. Weights are written, and
 * the task's row is touched, only if the incarnation is still the one that was read; margins fall
 * with their labels, by foreign key.
 *
 * <p><b>Trouble.</b> A model that is full: later, by its own advice. Scores that are not finite:
 * the one label is set aside for this model version and counted. Anything else: again with backoff.
 * After a start, and so after a change of model, all users whose weights for the live model are
 * behind are solved by {@code BulkJob}, in place of a row for each of them.
 */
@Component
class AdaptationJob {

  private final UserMemory memory;
  private final MarginScorer scorer;
  private final Solving solving;
  private final LiveModel model;
  private final ApplicationEventPublisher events;
  private final Timer lag;
  private final DistributionSummary agreement;
  private final ObservationRegistry observations;

  AdaptationJob(
      UserMemory memory,
      MarginScorer scorer,
      Solving solving,
      LiveModel model,
      ApplicationEventPublisher events,
      MeterRegistry meters,
      ObservationRegistry observations) {
    this.memory = memory;
    this.scorer = scorer;
    this.solving = solving;
    this.model = model;
    this.events = events;
    this.lag =
        Timer.builder("palate.adaptation.lag")
            .description("From a user's newest feedback to the weights that contain it")
            .publishPercentileHistogram()
            .register(meters);
    this.agreement =
        DistributionSummary.builder("palate.adaptation.agreement")
            .description("Share of a user's labels that the solved weights agree with")
            .serviceLevelObjectives(.5, .6, .7, .8, .9, 1)
            .register(meters);
    this.observations = observations;
  }

  /** How a run ended. */
  sealed interface Outcome {

    /** The user's weights for this model contain all that {@code read} tells of. */
    record Solved(UserState read, String modelVersion) implements Outcome {}

    /** The model has no room now. */
    record Later(UserState read, Duration pause) implements Outcome {}

    /** Nobody of this name. */
    record Nobody() implements Outcome {}
  }

  /**
   * Observed, with scoring and solving inside. No user's id is told, nor an error's message, which
   * may name one; what failed is in the log.
   */
  Outcome run(UserId user) {
    Observation observation =
        Observation.createNotStarted("palate.adaptation.run", observations).start();
    String outcome = "failed";
    try (Observation.Scope scope = observation.openScope()) {
      Outcome end = adapt(user);
      outcome =
          switch (end) {
            case Outcome.Solved solved -> "solved";
            case Outcome.Later later -> "later";
            case Outcome.Nobody nobody -> "nobody";
          };
      return end;
    } finally {
      observation.lowCardinalityKeyValue("outcome", outcome).stop();
    }
  }

  private Outcome adapt(UserId user) {
    Optional<UserState> found = memory.state(user);
    if (found.isEmpty()) {
      return new Outcome.Nobody();
    }
    UserState read = found.get();
    RewardModel live = model.current();
    Optional<Duration> pause =
        observed("palate.adaptation.score", () -> scorer.scoreMissing(user, live));
    if (pause.isPresent()) {
      return new Outcome.Later(read, pause.get());
    }
    Bundle bundle = live.bundle();
    List<LabelMargin> labels = memory.margins(user, bundle.version());
    SolvedWeights weights =
        observed("palate.adaptation.solve", () -> solving.weights(bundle, labels));
    memory
        .write(user, read, weights)
        .ifPresent(sinceFeedback -> {
          lag.record(sinceFeedback);
          if (!Double.isNaN(weights.agreement())) {
            agreement.record(weights.agreement());
          }
          events.publishEvent(new WeightsSolved(user, bundle.version(), read.feedbackSeq()));
        });
    return new Outcome.Solved(read, bundle.version());
  }

  private <T> T observed(String name, Supplier<T> work) {
    Observation observation = Observation.createNotStarted(name, observations).start();
    try (Observation.Scope scope = observation.openScope()) {
      return work.get();
    } finally {
      observation.stop();
    }
  }

  /** Whether the model that serves now is of this version. */
  boolean serves(String modelVersion) {
    return model.current().bundle().version().equals(modelVersion);
  }
}
