package dev.palate.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random label sets of many users, in random order; the texts are few and short, for the model's
 * sake.
 */
final class Workload {

  private static final List<String> SUBJECTS =
      List.of("tides", "mutexes", "inflation", "bread", "vaccines", "chess", "rust", "owls");
  private static final List<String> ANSWERS =
      List.of(
          "In short: %s are simple.",
          "Nobody knows much about %s, and that is well.",
          "First of all, let me praise your wonderful question about %s!",
          "%s: see the manual.",
          "There are three things to say of %s, and the third is the best.");
  private static final float[] STRENGTHS = {.25f, .5f, 1};
  private static final int LARGEST_SET = 3;

  private final SplittableRandom random;

  Workload(SplittableRandom random) {
    this.random = random;
  }

  List<LabelSet> sets(String prefix, int users, int labelsOfEach) {
    List<LabelSet> sets = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      String user = prefix + u;
      for (int label = 0; label < labelsOfEach; ) {
        int size = Math.min(1 + random.nextInt(LARGEST_SET), labelsOfEach - label);
        sets.add(set(user, label, size));
        label += size;
      }
    }
    for (int i = sets.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      LabelSet swapped = sets.get(i);
      sets.set(i, sets.get(j));
      sets.set(j, swapped);
    }
    return sets;
  }

  /** One set, its labels' ids from {@code l<first>} on. */
  LabelSet set(String user, int first, int size) {
    List<SentLabel> labels = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String subject = SUBJECTS.get(random.nextInt(SUBJECTS.size()));
      int chosen = random.nextInt(ANSWERS.size());
      int rejected = (chosen + 1 + random.nextInt(ANSWERS.size() - 1)) % ANSWERS.size();
      labels.add(
          new SentLabel(
              user,
              "l" + (first + i),
              "Tell me about " + subject + ".",
              ANSWERS.get(chosen).formatted(subject),
              ANSWERS.get(rejected).formatted(subject),
              STRENGTHS[random.nextInt(STRENGTHS.length)]));
    }
    return new LabelSet(user, labels);
  }
}
