package dev.palate.server.score;

import dev.palate.core.model.Prompt;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.runtime.LiveModel;
import dev.palate.server.store.UserId;
import dev.palate.server.web.ProblemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Scoring for those who have pairs of texts rather than a prompt with its candidates: the way in
 * for the forms of other servers' clients.
 *
 * <p>The pairs of one prompt are put together, so that the prompt is read and routed once, in
 * groups of at most as many responses as {@code POST /score} takes; all groups go to the model in
 * one call, as a batch does: admitted whole or refused whole, under one version of the model.
 */
@Component
public final class TextScoring {

  /** Pairs in one call. */
  public static final int PAIRS = 4096;

  /** Characters (UTF-16 units) of one text. */
  public static final int TEXT = Limits.TEXT;

  private final ScoreIntake intake;
  private final ScoreMetrics metrics;
  private final LiveModel models;

  TextScoring(ScoreIntake intake, ScoreMetrics metrics, LiveModel models) {
    this.intake = intake;
    this.metrics = metrics;
    this.models = models;
  }

  /** A response and what it answers. */
  public record Pair(String prompt, String response) {}

  /** What the request calls the two texts of a pair, so that a problem can name one. */
  public interface PairNames {
    String prompt(int pair);

    String response(int pair);

    /** All responses. */
    String responses();
  }

  /**
   * @param user whose weights mix the experts; null: the model's own routing
   * @param pairs 1 to {@link #PAIRS}
   * @param truncate false: a text over the model's limit is refused
   * @param prefer the header of that name, for its {@code wait}
   */
  public record Call(
      @Nullable String user,
      List<Pair> pairs,
      PairNames names,
      boolean truncate,
      @Nullable String prefer) {}

  /**
   * @param reward as {@code POST /score} gives it, unbounded
   * @param tokens of the response's sequence, before truncation
   */
  public record Scored(double reward, int tokens, boolean truncated) {}

  /**
   * @param model its name
   * @param scores one per pair, in their order
   * @param headers timings, use of the cache, which model and whose weights
   */
  public record Scores(String model, List<Scored> scores, HttpHeaders headers) {

    /** What counts against the caller's quota of tokens. */
    public long tokens() {
      return scores.stream().mapToLong(Scored::tokens).sum();
    }
  }

  /** Longest sequence that is read whole, in tokens. */
  public int maxTokens() {
    return models.current().placement().maxTokens();
  }

  /**
   * @param kind of request
   * @throws ProblemException as {@code POST /score}
   */
  public Scores score(ScoreKind kind, Call call) {
    return metrics.timed(kind, () -> score(call));
  }

  private Scores score(Call call) {
    UserId user = ScoreIntake.user(call.user(), "user");
    List<List<Integer>> groups = groups(call.pairs());
    List<ScoreService.Ask> asks = new ArrayList<>(groups.size());
    for (List<Integer> group : groups) {
      List<String> responses = group.stream().map(i -> call.pairs().get(i).response()).toList();
      Prompt prompt = new Prompt(call.pairs().get(group.getFirst()).prompt());
      asks.add(
          new ScoreService.Ask(
              null, user, new ScoreItem(prompt, responses), false, call.truncate()));
    }
    ScoreService.Scored scored = intake.score(asks, names(groups, call.names()), call.prefer());
    Scored[] scores = new Scored[call.pairs().size()];
    for (int g = 0; g < groups.size(); g++) {
      for (ScoreAnswer.Judged judged : scored.answers().get(g).responses()) {
        scores[groups.get(g).get(judged.index())] =
            new Scored(judged.reward(), judged.tokens(), judged.truncated());
      }
    }
    ScoreAnswer first = scored.answers().getFirst();
    HttpHeaders headers = new HttpHeaders();
    ScoreIntake.headers(scored, headers::set);
    headers.set("X-Model", first.model() + "-" + first.modelVersion());
    headers.set("X-Weights", first.weights().toString());
    return new Scores(first.model(), Arrays.asList(scores), headers);
  }

  /** Indices of pairs with the same prompt, at most {@link Limits#RESPONSES} together. */
  private static List<List<Integer>> groups(List<Pair> pairs) {
    List<List<Integer>> groups = new ArrayList<>();
    Map<String, List<Integer>> open = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      List<Integer> group = open.get(pairs.get(i).prompt());
      if (group == null || group.size() == Limits.RESPONSES) {
        group = new ArrayList<>();
        groups.add(group);
        open.put(pairs.get(i).prompt(), group);
      }
      group.add(i);
    }
    return groups;
  }

  private static TextNames names(List<List<Integer>> groups, PairNames names) {
    return new TextNames() {
      @Override
      public String prompt(int ask) {
        return names.prompt(groups.get(ask).getFirst());
      }

      @Override
      public String response(int ask, int response) {
        return names.response(groups.get(ask).get(response));
      }

      @Override
      public String responses(int ask) {
        return names.responses();
      }
    };
  }
}
