package dev.palate.lab.cards;

import dev.palate.core.bundle.ExpertCard;
import dev.palate.lab.data.Domains;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Samples;
import dev.palate.lab.data.Spellings;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.Words;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads what each expert learned off the training pairs: where the router uses it, and, in the
 * pairs with the largest contribution contrast {@code w_k (r_k(y+) - r_k(y-))}, which words and
 * which manner of writing tell what it prefers from what it does not. Nothing is written by hand:
 * what a card says can be counted. How far it can be believed is asked on validation pairs.
 */
public final class ExpertCards {

  private static final int SHARPEST = 400;

  /** In how many of the sharpest pairs a text may stand. */
  private static final int USES = 3;

  private static final int EXAMPLES = 10;
  private static final int HELD_OUT = 200;

  /** Contexts with fewer pairs share their data set's domain. */
  private static final int LEAST_PAIRS = 20;

  private static final int WORDS = 4;
  private static final double LEAST_Z = 2.5;

  /** Pairs whose words are counted for comparison. */
  private static final int BACKGROUND_TEXTS = 20_000;

  /** Pairs whose manner of writing is measured for comparison. */
  private static final int BACKGROUND_PAIRS = 4_000;

  private final EncodedPairs pairs;
  private final SharpPairs sharp;
  private final double[] usage;
  private final DomainUse domains;
  private final Terms background;
  private final Spellings spellings;
  private final Map<Style, Double> usual = new HashMap<>();

  /**
   * Cards for all experts, in their order.
   *
   * @param scores of all pairs of the data
   * @param usage mean routing weight of each expert
   */
  public static List<ExpertCard> of(
      TrainingData data, EncodedPairs pairs, PairScores scores, double[] usage) {
    int[] train = data.indices(Split.TRAIN);
    ExpertCards cards = new ExpertCards(pairs.at(train), scores.at(train), usage);
    int[] validation = data.indices(Split.VALIDATION);
    return cards.cards(pairs.at(validation), scores.at(validation));
  }

  private ExpertCards(EncodedPairs pairs, PairScores scores, double[] usage) {
    this.pairs = pairs;
    this.usage = usage;
    this.sharp = new SharpPairs(pairs.pairs(), scores);
    this.background =
        Terms.background(Samples.texts(Samples.spread(pairs.pairs(), BACKGROUND_TEXTS)));
    Domains named = Domains.of(pairs.pairs(), Math.max(LEAST_PAIRS, pairs.size() / 400));
    this.spellings = named.spellings();
    this.domains = new DomainUse(pairs.pairs(), named, scores, background);
    List<PreferencePair> some = Samples.spread(pairs.pairs(), BACKGROUND_PAIRS);
    for (Style.Effect effect : Style.effects(some)) {
      usual.put(effect.style(), Double.isNaN(effect.share()) ? 0.5 : effect.share());
    }
  }

  private List<ExpertCard> cards(EncodedPairs heldOut, PairScores heldOutScores) {
    List<CardEvidence> evidence = new ArrayList<>();
    List<int[]> examples = new ArrayList<>();
    for (int k = 0; k < usage.length; k++) {
      evidence.add(evidence(k));
      examples.add(sharp.agreeing(k, EXAMPLES, 1));
    }
    List<String> names = CardText.names(evidence);
    CardReader reader = CardReader.of(pairs, examples);
    SharpPairs unseen = new SharpPairs(heldOut.pairs(), heldOutScores);
    List<ExpertCard> cards = new ArrayList<>();
    for (int k = 0; k < usage.length; k++) {
      cards.add(
          new ExpertCard(
              k,
              names.get(k),
              CardText.sentence(evidence.get(k)),
              usage[k],
              evidence.get(k).domains(),
              ids(examples.get(k)),
              reader.ask(
                  k,
                  heldOut,
                  unseen.either(k, HELD_OUT, USES, reader.shown(k)),
                  heldOutScores.margins())));
    }
    return cards;
  }

  private List<String> ids(int[] indices) {
    return IntStream.of(indices).mapToObj(i -> pairs.pairs().get(i).id()).toList();
  }

  private CardEvidence evidence(int expert) {
    List<PreferencePair> sharpest =
        IntStream.of(sharp.agreeing(expert, SHARPEST, USES)).mapToObj(pairs.pairs()::get).toList();
    List<Set<String>> chosen = new ArrayList<>();
    List<Set<String>> rejected = new ArrayList<>();
    List<String> where = domains.most(expert);
    Set<String> topic = new HashSet<>();
    where.forEach(domain -> topic.addAll(Words.stems(domain)));
    for (PreferencePair pair : sharpest) {
      Set<String> given = new HashSet<>(topic);
      given.addAll(Words.stems(pair.prompt().text()));
      chosen.add(without(given, pair.chosen(), pair.rejected()));
      rejected.add(without(given, pair.rejected(), pair.chosen()));
    }
    return new CardEvidence(
        expert,
        domains.topics(expert),
        where,
        styles(sharpest),
        spelled(background.contrast(chosen, rejected, LEAST_Z)),
        spelled(background.contrast(rejected, chosen, LEAST_Z)));
  }

  /** Words of a text that neither the other response nor the question itself has. */
  private static Set<String> without(Set<String> given, String text, String other) {
    Set<String> words = Words.stems(text);
    words.removeAll(given);
    words.removeAll(Words.stems(other));
    return words;
  }

  private List<String> spelled(List<Terms.Term> terms) {
    return terms.stream().limit(WORDS).map(term -> spellings.ofStem(term.stem())).toList();
  }

  private List<CardEvidence.StyleEvidence> styles(List<PreferencePair> sharpest) {
    return Style.effects(sharpest).stream()
        .filter(effect -> telling(effect, sharpest.size()))
        .map(effect -> {
          double share = usual.getOrDefault(effect.style(), 0.5);
          return new CardEvidence.StyleEvidence(
              effect, effect.more() ? share : 1 - share, sharpest.size());
        })
        .sorted(Comparator.comparingDouble(style -> -style.weight()))
        .toList();
  }

  private static boolean telling(Style.Effect effect, int pairs) {
    return effect.differing() >= Math.max(20, pairs / 20)
        && effect.agreement() >= 0.6
        && Math.abs(effect.z()) >= 3.5
        && effect.z() > 0 == effect.more();
  }
}
