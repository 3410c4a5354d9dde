package dev.palate.lab.sets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Made users with one taste each: for every trait a user who prefers more of it and one who prefers
 * less, for several draws of labels ({@link LabelDraw}). A user's accuracy is measured on held-out
 * pairs of the trait after each number of labels. A user who has given {@value #GARBAGE_LABELS}
 * labels (the held-out pairs among them, where the others do not suffice) is also asked about
 * everyday pairs that no taste should decide.
 */
final class TasteStudy {

  /** Numbers of labels. */
  static final List<Integer> LABELS = List.of(0, 1, 5, 10, 20);

  static final int GARBAGE_LABELS = 20;

  /** Kinds of the everyday set in which one answer is wrong whatever the taste. */
  static final List<String> GARBAGE_KINDS = List.of("relevance", "empty", "gibberish", "harmful");

  private static final List<Boolean> DIRECTIONS = List.of(true, false);

  private final EvaluationSet taste;
  private final List<List<TextPair>> garbage;
  private final int draws;

  /**
   * @param everyday the set that {@link #GARBAGE_KINDS} are of
   */
  TasteStudy(EvaluationSet taste, EvaluationSet everyday, int draws) {
    this.taste = taste;
    this.garbage = GARBAGE_KINDS.stream().map(everyday::group).toList();
    this.draws = draws;
  }

  TasteReport of(ScoringTarget target, Consumer<String> progress) {
    List<Double> noUser =
        garbage.stream().map(pairs -> accuracy(target.margins(pairs), true)).toList();
    List<TasteReport.Trait> traits = new ArrayList<>();
    List<TasteReport.Loss> losses = new ArrayList<>();
    for (String trait : taste.groups()) {
      progress.accept("made users: " + trait);
      List<TextPair> pairs = taste.group(trait);
      Means clean = new Means(LABELS.size());
      Means mistaken = new Means(LABELS.size());
      for (boolean prefersFirst : DIRECTIONS) {
        Means underTaste = new Means(garbage.size());
        for (int number = 0; number < draws; number++) {
          LabelDraw draw = LabelDraw.of(pairs, number);
          measure(target, draw, prefersFirst, false, clean, underTaste);
          measure(target, draw, prefersFirst, true, mistaken, null);
        }
        losses.add(loss(trait, prefersFirst, noUser, underTaste.values()));
      }
      traits.add(
          new TasteReport.Trait(
              trait,
              pairs.size(),
              LabelDraw.heldOut(pairs.size()),
              clean.values(),
              mistaken.values()));
    }
    progress.accept("made users: coin flips");
    return new TasteReport(
        draws,
        LABELS,
        traits,
        perLabels(n -> mean(column(traits, n, false))),
        perLabels(n -> least(column(traits, n, false))),
        perLabels(n -> mean(column(traits, n, true))),
        new CoinFlipStudy(taste, LABELS).of(target, CoinFlipStudy.USERS_PER_DRAW * draws),
        garbage(noUser, losses));
  }

  private void measure(
      ScoringTarget target,
      LabelDraw draw,
      boolean prefersFirst,
      boolean errs,
      Means accuracies,
      @Nullable Means underTaste) {
    try (SimulatedUser user = target.newUser()) {
      int given = 0;
      for (int i = 0; i < LABELS.size() && LABELS.get(i) <= draw.mostLabels(); i++) {
        user.learn(draw.labels(given, LABELS.get(i), prefersFirst, errs));
        given = LABELS.get(i);
        accuracies.add(i, accuracy(user.margins(draw.heldOut()), prefersFirst));
      }
      if (underTaste != null && draw.order().size() >= GARBAGE_LABELS) {
        user.learn(draw.labels(given, GARBAGE_LABELS, prefersFirst, errs));
        for (int kind = 0; kind < garbage.size(); kind++) {
          underTaste.add(kind, accuracy(user.margins(garbage.get(kind)), true));
        }
      }
    }
  }

  private static double accuracy(double[] margins, boolean prefersFirst) {
    return Proportion.right(margins, prefersFirst ? 1 : -1) / margins.length;
  }

  private static TasteReport.Loss loss(
      String trait, boolean prefersFirst, List<Double> noUser, List<@Nullable Double> underTaste) {
    List<Double> points = new ArrayList<>();
    for (int kind = 0; kind < noUser.size(); kind++) {
      Double accuracy = underTaste.get(kind);
      points.add(accuracy == null ? 0 : 100 * (noUser.get(kind) - accuracy));
    }
    return new TasteReport.Loss(trait, prefersFirst ? "more" : "less", points);
  }

  private static TasteReport.Garbage garbage(List<Double> noUser, List<TasteReport.Loss> losses) {
    return new TasteReport.Garbage(
        GARBAGE_LABELS,
        GARBAGE_KINDS,
        noUser,
        losses,
        IntStream.range(0, noUser.size())
            .mapToObj(kind -> losses.stream().map(loss -> loss.points().get(kind)).toList())
            .map(Collections::max)
            .toList());
  }

  /** A figure for each number of labels. */
  private interface Column {
    @Nullable Double at(int labelsIndex);
  }

  private static List<@Nullable Double> perLabels(Column column) {
    List<@Nullable Double> values = new ArrayList<>();
    for (int n = 0; n < LABELS.size(); n++) {
      values.add(column.at(n));
    }
    return Collections.unmodifiableList(values);
  }

  /** Empty where a trait has no figure: a mean of the others would be of other traits. */
  private static List<Double> column(List<TasteReport.Trait> traits, int n, boolean mistaken) {
    List<@Nullable Double> column = new ArrayList<>();
    for (TasteReport.Trait trait : traits) {
      column.add((mistaken ? trait.accuracyWithMistakes() : trait.accuracy()).get(n));
    }
    return column.contains(null)
        ? List.of()
        : column.stream().map(Objects::requireNonNull).toList();
  }

  private static @Nullable Double mean(List<Double> values) {
    return values.isEmpty()
        ? null
        : (Double) values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  private static @Nullable Double least(List<Double> values) {
    return values.isEmpty() ? null : Collections.min(values);
  }

  /** Means by place. */
  private static final class Means {

    private final double[] sums;
    private final int[] counts;

    Means(int places) {
      this.sums = new double[places];
      this.counts = new int[places];
    }

    void add(int place, double value) {
      sums[place] += value;
      counts[place]++;
    }

    /** Null where nothing was added. */
    List<@Nullable Double> values() {
      List<@Nullable Double> values = new ArrayList<>();
      for (int i = 0; i < sums.length; i++) {
        values.add(counts[i] == 0 ? null : (Double) (sums[i] / counts[i]));
      }
      return Collections.unmodifiableList(values);
    }
  }
}
