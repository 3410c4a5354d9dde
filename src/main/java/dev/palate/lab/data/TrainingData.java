package dev.palate.lab.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * All pairs of a run, each with what it may be used for.
 *
 * @param files in the order they were named
 * @param pairs of all files
 * @param splits one per pair
 * @param bad lines that are no pair
 * @param leaks lines dropped because what their split keeps apart is on a test line too, of each
 *     file that has any
 */
public record TrainingData(
    List<DataFile> files,
    List<PreferencePair> pairs,
    List<Split> splits,
    List<PairReader.BadLine> bad,
    List<LeakingLines> leaks) {

  /**
   * Keeps the texts where the system keeps temporary files.
   *
   * @param evaluationOnly files of which every line is a test line
   */
  public static TrainingData read(
      List<DataFile> files, List<DataFile> evaluationOnly, PairReader.OnBadLine onBadLine) {
    return read(files, evaluationOnly, onBadLine, TextStore.temporary());
  }

  /**
   * @param evaluationOnly files of which every line is a test line
   * @param texts an empty store, where the texts will be kept
   */
  public static TrainingData read(
      List<DataFile> files,
      List<DataFile> evaluationOnly,
      PairReader.OnBadLine onBadLine,
      TextStore texts) {
    PairReader reader = new PairReader(onBadLine, texts);
    List<DataFile> all = new ArrayList<>(files);
    all.addAll(evaluationOnly);
    if (all.stream().map(DataFile::name).distinct().count() < all.size()) {
      throw new DataException("two data sets have one name; name them: --data NAME=FILE");
    }
    List<PreferencePair> pairs = new ArrayList<>();
    List<Split> splits = new ArrayList<>();
    List<PairReader.BadLine> bad = new ArrayList<>();
    List<LeakingLines> leaks = new ArrayList<>();
    for (DataFile file : all) {
      PairReader.Result result = reader.read(file);
      bad.addAll(result.bad());
      SplitPlan plan = SplitPlan.of(result.pairs());
      int leaking = 0;
      List<Long> first = new ArrayList<>();
      for (int i = 0; i < result.pairs().size(); i++) {
        boolean test = evaluationOnly.contains(file);
        Split split = test ? Split.TEST : plan.splits().get(i);
        if (split == null) {
          leaking++;
          if (first.size() < LeakingLines.SHOWN) {
            first.add(result.numbers()[i]);
          }
        } else {
          pairs.add(result.pairs().get(i));
          splits.add(split);
        }
      }
      if (leaking > 0) {
        leaks.add(new LeakingLines(file.name(), file.path(), leaking, first));
      }
    }
    texts.seal();
    return new TrainingData(all, List.copyOf(pairs), List.copyOf(splits), bad, List.copyOf(leaks));
  }

  /** How many lines were dropped because they would leak. */
  public int leaking() {
    return leaks.stream().mapToInt(LeakingLines::count).sum();
  }

  /**
   * The data without the pairs of prompts that have a longer text, be it the prompt or a response.
   *
   * @param characters in UTF-16 units
   */
  public TrainingData withoutLongTexts(int characters) {
    Map<String, Integer> longest = new HashMap<>();
    for (PreferencePair pair : pairs) {
      int length = Math.max(pair.chosen().length(), pair.rejected().length());
      String prompt = pair.prompt().text();
      longest.merge(prompt, Math.max(length, prompt.length()), Math::max);
    }
    int[] kept =
        IntStream.range(0, pairs.size())
            .filter(i -> longest.getOrDefault(pairs.get(i).prompt().text(), 0) <= characters)
            .toArray();
    return kept.length == pairs.size() ? this : at(kept);
  }

  /** The pairs at these indices, in this order. */
  TrainingData at(int[] indices) {
    return new TrainingData(
        files,
        Arrays.stream(indices).mapToObj(pairs::get).toList(),
        Arrays.stream(indices).mapToObj(splits::get).toList(),
        bad,
        leaks);
  }

  /** Indices of the pairs of one split, in the order of the data. */
  public int[] indices(Split split) {
    return IntStream.range(0, pairs.size()).filter(i -> splits.get(i) == split).toArray();
  }

  public List<PreferencePair> of(Split split) {
    List<PreferencePair> found = new ArrayList<>();
    for (int index : indices(split)) {
      found.add(pairs.get(index));
    }
    return found;
  }

  /** How many pairs and users of a split each data set has. */
  public Map<String, int[]> counts(Split split) {
    Map<String, int[]> counts = new LinkedHashMap<>();
    for (DataFile file : files) {
      List<PreferencePair> found =
          of(split).stream().filter(pair -> pair.dataset().equals(file.name())).toList();
      long users =
          found.stream().map(PreferencePair::userKey).filter(Objects::nonNull).distinct().count();
      counts.put(file.name(), new int[] {found.size(), (int) users});
    }
    return counts;
  }

  /** Users some of whose pairs were trained on. */
  public Set<String> trainUsers() {
    Set<String> users = new HashSet<>();
    for (PreferencePair pair : of(Split.TRAIN)) {
      if (pair.userKey() != null) {
        users.add(pair.userKey());
      }
    }
    return users;
  }
}
