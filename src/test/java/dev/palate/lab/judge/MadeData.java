package dev.palate.lab.judge;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Pairs in a small space where the truth is known: half of the users like the first coordinate of a
 * response, the others dislike it, all like the second. Two in ten users are test users, one in ten
 * validates. Expert k of the bundle is coordinate k.
 */
public final class MadeData {

  public static final int DIMENSION = 4;

  private MadeData() {}

  /** All users' pairs as one material. */
  public static Material material(int users, int pairsPerUser, long seed) {
    Random random = new Random(seed);
    List<PreferencePair> pairs = new ArrayList<>();
    List<Split> splits = new ArrayList<>();
    int n = users * pairsPerUser;
    float[][] rows = new float[3 * n][DIMENSION];
    int[][] index = new int[3][n];
    for (int user = 0; user < users; user++) {
      for (int p = 0; p < pairsPerUser; p++) {
        int i = pairs.size();
        for (int row = 3 * i; row < 3 * i + 3; row++) {
          for (int j = 0; j < DIMENSION; j++) {
            rows[row][j] = (float) random.nextGaussian();
          }
        }
        double sign = user % 2 == 0 ? 2 : -2;
        double margin =
            sign * (rows[3 * i + 1][0] - rows[3 * i + 2][0])
                + (rows[3 * i + 1][1] - rows[3 * i + 2][1]);
        index[0][i] = 3 * i;
        index[1][i] = 3 * i + (margin > 0 ? 1 : 2);
        index[2][i] = 3 * i + (margin > 0 ? 2 : 1);
        pairs.add(pair("u" + user, "context " + p % 10, i));
        splits.add(user % 10 >= 8 ? Split.TEST : user % 10 == 7 ? Split.VALIDATION : Split.TRAIN);
      }
    }
    TrainingData data = data(pairs, splits);
    return Material.of(
        bundle(), data, new EncodedPairs(Encodings.of(rows), pairs, index[0], index[1], index[2]));
  }

  public static TrainingData data(List<PreferencePair> pairs, List<Split> splits) {
    return new TrainingData(
        List.of(new DataFile("made", Path.of("made.jsonl"), "")),
        pairs,
        splits,
        List.of(),
        List.of());
  }

  static PreferencePair pair(String user, String context, int i) {
    return new PreferencePair(
        "made",
        "p" + i,
        user,
        context,
        new Prompt("prompt " + i),
        "chosen " + i,
        "rejected " + i,
        1,
        null,
        null);
  }

  private static Bundle bundle() {
    int k = DIMENSION;
    double[][] covariance = new double[k][k];
    float[][] experts = new float[k][k];
    List<ExpertCard> cards = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      covariance[i][i] = 1;
      experts[i][i] = 1;
      cards.add(new ExpertCard(i, "coordinate " + i, "Made.", 0.25, List.of(), List.of()));
    }
    return new Bundle(
        "made",
        "12345678",
        new EncoderSpec(
            EncoderSpec.Kind.BERT, "none", "", k, 16, EncoderSpec.ResponseInput.RESPONSE),
        new Head(new float[2][k], new float[2], new float[k][2], new float[k], experts),
        1,
        0.02,
        2,
        new UserPrior(new double[k], covariance),
        new double[] {0.25, 0.25, 0.25, 0.25},
        cards,
        List.of(),
        Map.of());
  }
}
