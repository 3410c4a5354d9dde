package dev.palate.server.score;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.CacheUse;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.runtime.LiveModel;
import dev.palate.server.store.UserId;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Scores a list of items in one call of the model, each under its user's weights. */
@Service
final class ScoreService {

  private final LiveModel models;
  private final ShiftReader shifts;
  private final ScoreMetrics metrics;
  private final RoutingMeters routing;
  private final Clock clock;

  ScoreService(
      LiveModel models,
      ShiftReader shifts,
      ScoreMetrics metrics,
      RoutingMeters routing,
      Clock clock) {
    this.models = models;
    this.shifts = shifts;
    this.metrics = metrics;
    this.routing = routing;
    this.clock = clock;
  }

  /** What a request asks of the model, its user id already read. */
  record Ask(
      @Nullable String id,
      @Nullable UserId user,
      ScoreItem item,
      boolean explain,
      boolean truncate) {}

  /**
   * @param timings of the model
   * @param weights how long the users' weights took to read
   * @param mix how long rewards and weights took to become answers
   */
  record Scored(
      List<ScoreAnswer> answers,
      ScoreTimings timings,
      CacheUse cache,
      Duration weights,
      Duration mix) {}

  /**
   * @param names what the request calls the texts, for problems
   * @param wait not computed after it
   * @throws ProblemException where the model did not score all of them
   */
  Scored score(List<Ask> asks, TextNames names, @Nullable Duration wait) {
    // One model for the whole request, so that an answer speaks of one version
    RewardModel model = models.current();
    Bundle bundle = model.bundle();
    boolean truncate = false;
    List<ScoreItem> items = new ArrayList<>(asks.size());
    for (Ask ask : asks) {
      truncate |= ask.truncate();
      items.add(ask.item());
    }
    ScoreOptions options =
        new ScoreOptions(truncate, wait == null ? null : clock.instant().plus(wait));
    return switch (model.score(items, options)) {
      case ScoreResult.Scored scored -> {
        refuseTruncated(asks, names, scored.items(), model);
        routing.scored(bundle, scored.items());
        long begun = System.nanoTime();
        Map<UserId, UserShift> personal = shifts(asks, bundle);
        long read = System.nanoTime();
        List<ScoreAnswer> answers = answers(asks, scored.items(), personal, bundle);
        yield new Scored(
            answers,
            scored.timings(),
            scored.cache(),
            Duration.ofNanos(read - begun),
            Duration.ofNanos(System.nanoTime() - read));
      }
      case ScoreResult.Overloaded full ->
          throw new ProblemException(
              ErrorCode.OVERLOADED,
              "The device's queue is full; nothing was computed",
              full.retryAfter());
      case ScoreResult.Unavailable away ->
          throw new ProblemException(
              ErrorCode.ENCODER_UNAVAILABLE,
              "Nothing was computed; send the request again after the Retry-After header",
              away.retryAfter());
      case ScoreResult.DeadlineExceeded late ->
          throw new ProblemException(
              ErrorCode.DEADLINE_EXCEEDED, "Not begun within the time of 'Prefer: wait'");
      case ScoreResult.TooLong text ->
          throw tooLong(names, text.item(), text.response(), text.tokens(), text.limit());
      case ScoreResult.NotFinite item -> {
        metrics.notFinite();
        throw new ProblemException(
            ErrorCode.MODEL_OUTPUT_NOT_FINITE,
            "The model gave NaN or infinity for a text of this request",
            List.of(new FieldProblem(names.responses(item.item()), "has no score")));
      }
    };
  }

  private Map<UserId, UserShift> shifts(List<Ask> asks, Bundle bundle) {
    Set<UserId> users = new HashSet<>();
    for (Ask ask : asks) {
      if (ask.user() != null) {
        users.add(ask.user());
      }
    }
    return shifts.read(users, bundle);
  }

  private static List<ScoreAnswer> answers(
      List<Ask> asks, List<PromptScores> scores, Map<UserId, UserShift> personal, Bundle bundle) {
    Mixer mixer = new Mixer(bundle);
    List<ScoreAnswer> answers = new ArrayList<>(asks.size());
    for (int i = 0; i < asks.size(); i++) {
      Ask ask = asks.get(i);
      UserId user = ask.user();
      UserShift shift = user == null ? null : personal.get(user);
      answers.add(
          mixer.mix(
              ask.id(),
              user == null ? null : user.value(),
              shift == null ? ShiftReader.anonymous(bundle) : shift,
              scores.get(i),
              ask.explain()));
    }
    return answers;
  }

  /** Where items differ in {@code truncate}, the model truncates and the refusal comes after. */
  private static void refuseTruncated(
      List<Ask> asks, TextNames names, List<PromptScores> scores, RewardModel model) {
    int promptLimit = model.bundle().encoder().maxPromptTokens();
    int limit = model.placement().maxTokens();
    for (int i = 0; i < asks.size(); i++) {
      if (asks.get(i).truncate()) {
        continue;
      }
      PromptScores scored = scores.get(i);
      if (scored.promptTruncated()) {
        throw tooLong(names, i, -1, scored.promptTokens(), promptLimit);
      }
      for (int r = 0; r < scored.responses().size(); r++) {
        if (scored.responses().get(r).truncated()) {
          throw tooLong(names, i, r, scored.responses().get(r).tokens(), limit);
        }
      }
    }
  }

  private static ProblemException tooLong(
      TextNames names, int ask, int response, int tokens, int limit) {
    return new ProblemException(
        ErrorCode.TEXT_TOO_LONG,
        "Shorten the text, or let it be cut with \"truncate\": true",
        List.of(
            new FieldProblem(
                response < 0 ? names.prompt(ask) : names.response(ask, response),
                "has %d tokens, the limit is %d".formatted(tokens, limit))));
  }
}
