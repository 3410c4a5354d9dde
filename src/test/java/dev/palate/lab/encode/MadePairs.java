package dev.palate.lab.encode;

import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Pairs of three domains, each with an expert whose taste is known: in the first it likes long
 * responses, in the second the word "lantern", in the third something that no word shows. A fourth
 * expert is used nowhere. One label in ten is wrong.
 */
public record MadePairs(TrainingData data, EncodedPairs pairs, PairScores scores, double[] usage) {

  static final int EXPERTS = 4;
  private static final int DIMENSION = 8;
  private static final List<String> CONTEXTS = List.of("made.tea-time", "made.gardens", "ships");
  private static final List<String> WORDS =
      List.of(
          ("alder birch cedar maple poplar willow copper silver marble granite saffron pepper"
                  + " ginger violet orchid tulip falcon heron otter badger salmon trout anchor"
                  + " harbour meadow valley glacier canyon prairie desert")
              .split(" "));

  public static MadePairs draw(int n, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[3 * n][];
    int[][] index = new int[3][n];
    List<PreferencePair> pairs = new ArrayList<>();
    List<Split> splits = new ArrayList<>();
    float[][] margins = new float[n][EXPERTS];
    float[][] routing = new float[n][];
    for (int i = 0; i < n; i++) {
      int domain = random.nextInt(3);
      String[] texts = {text(random), text(random)};
      rows[3 * i] = new float[DIMENSION];
      rows[3 * i + 1] = embedding(texts[0], random);
      rows[3 * i + 2] = embedding(texts[1], random);
      boolean swap = rows[3 * i + 1][domain] < rows[3 * i + 2][domain] ^ random.nextDouble() < 0.1;
      index[0][i] = 3 * i;
      index[1][i] = 3 * i + (swap ? 2 : 1);
      index[2][i] = 3 * i + (swap ? 1 : 2);
      for (int k = 0; k < 3; k++) {
        margins[i][k] = rows[index[1][i]][k] - rows[index[2][i]][k];
      }
      routing[i] = new float[] {0.02f, 0.02f, 0.02f, 0};
      routing[i][domain] = 0.96f;
      pairs.add(pair(i, CONTEXTS.get(domain), texts[swap ? 1 : 0], texts[swap ? 0 : 1]));
      splits.add(random.nextInt(4) == 0 ? Split.VALIDATION : Split.TRAIN);
    }
    return new MadePairs(
        new TrainingData(List.of(), pairs, splits, List.of(), List.of()),
        new EncodedPairs(Encodings.of(rows), pairs, index[0], index[1], index[2]),
        new PairScores(margins, routing),
        new double[] {1.0 / 3, 1.0 / 3, 1.0 / 3, 0});
  }

  public static PreferencePair pair(int id, String context, String chosen, String rejected) {
    return new PreferencePair(
        "made",
        "p" + id,
        null,
        context,
        new Prompt("Say a few words."),
        chosen,
        rejected,
        1,
        null,
        null);
  }

  /** All pairs to learn from. */
  public MadePairs withoutValidation() {
    List<Split> splits = data.splits().stream().map(split -> Split.TRAIN).toList();
    return new MadePairs(
        new TrainingData(List.of(), data.pairs(), splits, List.of(), List.of()),
        pairs,
        scores,
        usage);
  }

  private static String text(Random random) {
    List<String> words = new ArrayList<>();
    IntStream.range(0, 5 + random.nextInt(30))
        .forEach(i -> words.add(WORDS.get(random.nextInt(WORDS.size()))));
    if (random.nextBoolean()) {
      words.add(random.nextInt(words.size()), random.nextBoolean() ? "lantern" : "lanterns");
    }
    return String.join(". ", words) + ".";
  }

  /** Each expert's taste is an axis; the rest is noise. */
  private static float[] embedding(String text, Random random) {
    float[] row = new float[DIMENSION];
    for (int j = 0; j < DIMENSION; j++) {
      row[j] = (float) (0.5 * random.nextGaussian());
    }
    row[0] += text.length() / 50f;
    row[1] += text.contains("lantern") ? 4 : 0;
    row[2] *= 4;
    return row;
  }
}
