package dev.palate.server.score;

import dev.palate.core.model.ScoreTimings;
import dev.palate.server.security.Callers;
import dev.palate.server.store.UserId;
import dev.palate.server.web.PreferWait;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What every route that scores does around the scoring, in whatever form it is asked: may the
 * caller see these users, how long will it wait, what is measured, what counts against a quota, and
 * the headers that say where the time went.
 */
@Component
final class ScoreIntake {

  private final ScoreService service;
  private final ScoreMetrics metrics;
  private final Callers callers;

  ScoreIntake(ScoreService service, ScoreMetrics metrics, Callers callers) {
    this.service = service;
    this.metrics = metrics;
    this.callers = callers;
  }

  /**
   * @param prefer the header of that name
   * @throws ProblemException where a user is out of the caller's reach, or not all were scored
   */
  ScoreService.Scored score(List<ScoreService.Ask> asks, TextNames names, @Nullable String prefer) {
    for (ScoreService.Ask ask : asks) {
      callers.mustReach(ask.user() == null ? null : ask.user().value());
    }
    Duration wait = PreferWait.parse(prefer).orElse(null);
    ScoreService.Scored scored = service.score(asks, names, wait);
    int responses = 0;
    for (ScoreService.Ask ask : asks) {
      responses += ask.item().responses().size();
    }
    metrics.scored(responses, scored);
    callers.spent(
        scored.answers().stream()
            .flatMap(answer -> answer.responses().stream())
            .mapToLong(ScoreAnswer.Judged::tokens)
            .sum());
    return scored;
  }

  static void headers(ScoreService.Scored scored, BiConsumer<String, String> header) {
    ScoreTimings timings = scored.timings();
    header.accept("X-Queue-Ms", milliseconds(timings.queue()));
    header.accept("X-Tokenize-Ms", milliseconds(timings.tokenize()));
    header.accept("X-Inference-Ms", milliseconds(timings.inference()));
    header.accept(
        "X-Cache",
        switch (scored.cache()) {
          case HIT -> "hit";
          case PARTIAL -> "partial";
          case MISS -> "miss";
        });
  }

  private static String milliseconds(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  /**
   * @param field where it stands in the request
   * @throws ProblemException naming that field
   */
  static @Nullable UserId user(@Nullable String value, String field) {
    if (value == null) {
      return null;
    }
    try {
      return new UserId(value);
    } catch (ProblemException e) {
      // The id knows what is wrong with it, but not where in this request it stands
      String message = e.getMessage() == null ? "is not valid" : e.getMessage();
      throw new ProblemException(
          e.code(), message, List.of(new FieldProblem(field, "is not a valid user id")));
    }
  }
}
