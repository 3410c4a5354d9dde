package dev.palate.lab.sets;

import dev.palate.core.model.Message;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Pairs without meaning, and a model whose experts read the number of a pair's trait. */
final class MadePairs {

  static final List<String> TRAITS = List.of("trait0", "trait1");

  private MadePairs() {}

  static TextPair pair(String group, int number, String first, String second) {
    return new TextPair(
        group + "-" + number,
        group,
        number % 2 == 0 ? Half.A : Half.B,
        List.of(new Message("user", "Prompt " + number + " of " + group)),
        first,
        second);
  }

  /** {@code n} pairs of each trait. */
  static EvaluationSet taste(int n) {
    return new EvaluationSet(
        TRAITS.stream()
            .flatMap(trait -> IntStream.range(0, n).mapToObj(i -> pair(trait, i, "more", "less")))
            .toList());
  }

  /** Of each kind that no taste should decide four pairs. */
  static EvaluationSet garbage() {
    return new EvaluationSet(
        TasteStudy.GARBAGE_KINDS.stream()
            .flatMap(kind -> IntStream.range(0, 4).mapToObj(i -> pair(kind, i, "good", "bad")))
            .toList());
  }

  /**
   * Experts 0 and 1 read the traits, expert 2 quality; the router trusts expert 2 alone, so that
   * nothing is known of a taste without labels.
   */
  static BundleTarget target() {
    return new BundleTarget(
        "made",
        "00000000",
        Prior.isotropic(3, 1),
        ScaleGrid.SINGLE,
        new Likelihood(2, 0, 1),
        pairs -> pairs.stream().map(MadePairs::margin).toList());
  }

  private static LabelMargin margin(TextPair pair) {
    Random random = new Random(pair.id().hashCode());
    List<Float> margins = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      boolean own = pair.group().equals(TRAITS.get(k));
      margins.add((own ? 1 : 0) + (float) random.nextGaussian() * .2f);
    }
    margins.add(Stream.of("trait0", "trait1").anyMatch(pair.group()::equals) ? 0 : 5f);
    float[] experts = {margins.get(0), margins.get(1), margins.get(2)};
    return new LabelMargin(experts, new float[] {.1f, .1f, .8f}, 1);
  }
}
