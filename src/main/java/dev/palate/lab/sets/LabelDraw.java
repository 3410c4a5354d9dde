package dev.palate.lab.sets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One draw of a made user's labels from the pairs of a trait. The pairs are put in a random order:
 * labels are taken from its start, and its end is held out. So the labels of a larger n include
 * those of a smaller, and all n of a draw are judged on the same held-out prompts.
 *
 * <p>Of p pairs {@code min(20, max(2, p - 20))} are held out: 20 of a whole trait (40 pairs and
 * more), 2 to 4 of half a trait (22 to 24 pairs), of which more draws are needed for the same
 * certainty. No pair is labelled twice.
 *
 * @param order the trait's pairs
 * @param mistakes by place in the order: whether a user who errs labels that pair the wrong way
 */
record LabelDraw(List<TextPair> order, List<Boolean> mistakes) {

  /** Decides all draws; one figure more is added for each trait and draw. */
  static final long SEED = 20_260_701;

  /** The share of labels that a user who errs gives the wrong way. */
  static final double MISTAKES = .15;

  private static final int MOST_HELD_OUT = 20;
  private static final int LEAST_HELD_OUT = 2;
  private static final int LABELS = 20;

  LabelDraw {
    order = List.copyOf(order);
    mistakes = List.copyOf(mistakes);
  }

  /**
   * @param pairs a trait's
   * @param number of the draw; the same number gives the same draw
   */
  static LabelDraw of(List<TextPair> pairs, int number) {
    long trait = pairs.isEmpty() ? 0 : pairs.getFirst().group().hashCode();
    SplittableRandom random = new SplittableRandom(SEED + trait * 1_000_003L + number);
    List<TextPair> order = new ArrayList<>(pairs);
    Collections.shuffle(order, random);
    return new LabelDraw(
        order, order.stream().map(pair -> random.nextDouble() < MISTAKES).toList());
  }

  /** How many of p pairs are held out. */
  static int heldOut(int p) {
    return Math.min(MOST_HELD_OUT, Math.max(LEAST_HELD_OUT, p - LABELS));
  }

  /** How many labels leave the held-out pairs unseen. */
  int mostLabels() {
    return Math.max(0, order.size() - heldOut(order.size()));
  }

  List<TextPair> heldOut() {
    return order.subList(mostLabels(), order.size());
  }

  /**
   * Labels {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param prefersFirst the user's taste: whether more of the trait is better
   * @param errs whether the user makes the draw's mistakes
   */
  List<SimulatedUser.Label> labels(int from, int to, boolean prefersFirst, boolean errs) {
    List<SimulatedUser.Label> labels = new ArrayList<>();
    for (int i = from; i < to; i++) {
      labels.add(new SimulatedUser.Label(order.get(i), prefersFirst ^ (errs && mistakes.get(i))));
    }
    return labels;
  }
}
