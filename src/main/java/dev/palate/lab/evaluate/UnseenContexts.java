package dev.palate.lab.evaluate;

import dev.palate.lab.bundling.HeadTraining;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.judge.Material;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Holds a fifth of the contexts of each data set out of train and validation (of the prompts, where
 * there are only a few contexts), and all other pairs out of test: who is judged then is unseen,
 * and so is what they are asked.
 */
final class UnseenContexts {

  /** A data set with no more contexts than this is split by prompt. */
  private static final int FEW_CONTEXTS = 4;

  private static final int HELD_OUT = 5;

  private final TrainingData data;
  private final Set<Integer> left = new HashSet<>();
  private final List<Report.HeldOutPart> parts = new ArrayList<>();

  private UnseenContexts(TrainingData data) {
    this.data = data;
  }

  static UnseenContexts of(TrainingData data) {
    UnseenContexts plan = new UnseenContexts(data);
    data.files().forEach(plan::hold);
    return plan;
  }

  /** What was held out of each data set that has train pairs. */
  List<Report.HeldOutPart> parts() {
    return List.copyOf(parts);
  }

  /** Data and embeddings in which nobody has seen what is tested; heads trained anew on them. */
  Material material(Material whole) {
    TrainingData rest = HeadTraining.without(data, left);
    int[] kept = IntStream.range(0, data.pairs().size()).filter(i -> !left.contains(i)).toArray();
    var pairs = whole.pairs().at(kept);
    return Material.of(whole.training().anew(rest, pairs), rest, pairs);
  }

  private void hold(DataFile file) {
    int[] indices =
        IntStream.range(0, data.pairs().size())
            .filter(i -> data.pairs().get(i).dataset().equals(file.name()))
            .toArray();
    Set<String> contexts = new TreeSet<>();
    for (int index : indices) {
      contexts.add(data.pairs().get(index).context());
    }
    boolean byContext = contexts.size() > FEW_CONTEXTS;
    Set<String> keys = new TreeSet<>();
    for (int index : indices) {
      keys.add(key(data.pairs().get(index), byContext));
    }
    Set<String> heldOut = drawn(keys);
    int testPairs = 0;
    for (int index : indices) {
      boolean test = data.splits().get(index) == Split.TEST;
      boolean held = heldOut.contains(key(data.pairs().get(index), byContext));
      if (test != held) {
        left.add(index);
      }
      testPairs += test && held ? 1 : 0;
    }
    parts.add(
        new Report.HeldOutPart(
            file.name(), byContext ? "context" : "prompt", heldOut.size(), keys.size(), testPairs));
  }

  private static String key(PreferencePair pair, boolean byContext) {
    return byContext ? pair.context() : pair.prompt().text();
  }

  /** Exactly a fifth, the same on every machine. */
  private static Set<String> drawn(Set<String> keys) {
    return new HashSet<>(
        keys.stream()
            .sorted(Comparator.comparingLong(UnseenContexts::mixed).thenComparing(key -> key))
            .limit(Math.round((double) keys.size() / HELD_OUT))
            .toList());
  }

  private static long mixed(String key) {
    long mixed = (key.hashCode() + 1L) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }
}
