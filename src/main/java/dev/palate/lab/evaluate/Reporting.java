package dev.palate.lab.evaluate;

import dev.palate.core.bundle.Bundle;
import dev.palate.lab.baselines.Baselines;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.judge.Calibrated;
import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.Material;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts a report together.
 *
 * @param progress told what is under way
 */
record Reporting(Evaluation evaluation, boolean baselines, Consumer<String> progress) {

  Report report(Material material, boolean unseenContexts) {
    List<Calibrated> rules = rules(material);
    progress.accept("judging " + rules.size() + " rules");
    Section test = evaluation.measure(material, rules);
    return new Report(
        Report.FORMAT,
        model(material.bundle()),
        new Report.Settings(
            Arrays.stream(evaluation.shots()).boxed().toList(),
            evaluation.judge().draws(),
            evaluation.judge().seed(),
            evaluation.bootstrap().resamples()),
        datasets(material.data()),
        rules.stream().map(Reporting::info).toList(),
        test,
        unseenContexts ? heldOut(material) : null,
        Pictures.experts(material),
        Pictures.shifts(material, evaluation.judge()),
        notes(material));
  }

  private List<Calibrated> rules(Material material) {
    List<Calibrated> rules = new ArrayList<>();
    rules.add(new Calibrated(material.ours(), material.likelihood()));
    if (baselines) {
      Baselines.fit(material, name -> progress.accept("fitting " + name)).stream()
          .map(material::calibrated)
          .forEach(rules::add);
    }
    return rules;
  }

  private Report.HeldOut heldOut(Material whole) {
    if (!whole.trainable()) {
      throw new DataException(
          "--unseen-contexts trains heads anew; the data has no train or no validation line");
    }
    UnseenContexts plan = UnseenContexts.of(whole.data());
    progress.accept("training anew without a fifth of the contexts");
    Material material = plan.material(whole);
    List<Calibrated> rules = rules(material);
    progress.accept("judging " + rules.size() + " rules on contexts held out");
    return new Report.HeldOut(plan.parts(), evaluation.measure(material, rules));
  }

  private List<String> notes(Material material) {
    List<String> notes = new ArrayList<>();
    TrainingData data = material.data();
    if (!data.bad().isEmpty()) {
      notes.add(
          "%d lines are no preference pairs and were left out, the first: %s"
              .formatted(data.bad().size(), data.bad().getFirst().reason()));
    }
    if (data.leaking() > 0) {
      notes.add(
          "%d lines share with a test line what their split keeps apart and were left out"
              .formatted(data.leaking()));
    }
    if (baselines && !material.taught()) {
      notes.add("The data has no train or no validation line: baselines that learn are left out.");
    } else if (baselines && !material.trainable()) {
      notes.add(
          "The bundle's own archive gives scores and no embeddings: baselines that learn on"
              + " embeddings are left out.");
    }
    if (Judge.unseen(data, Split.TEST).isEmpty()) {
      notes.add("No test line has an unseen user: there is nothing to adapt to.");
    }
    return notes;
  }

  private static Report.Model model(Bundle bundle) {
    return new Report.Model(
        bundle.name(),
        bundle.version(),
        bundle.expertCount(),
        bundle.topM(),
        bundle.scale(),
        bundle.labelNoise());
  }

  private static List<Report.Dataset> datasets(TrainingData data) {
    Map<String, int[]> train = data.counts(Split.TRAIN);
    Map<String, int[]> validation = data.counts(Split.VALIDATION);
    Map<String, int[]> test = data.counts(Split.TEST);
    Map<String, List<UserChoices>> unseen = Judge.unseen(data, Split.TEST);
    return data.files().stream()
        .map(DataFile::name)
        .map(name ->
            new Report.Dataset(
                name,
                pairs(train, name),
                pairs(validation, name),
                pairs(test, name),
                unseen.getOrDefault(name, List.of()).size()))
        .toList();
  }

  private static int pairs(Map<String, int[]> counts, String name) {
    int[] count = counts.get(name);
    return count == null ? 0 : count[0];
  }

  private static Report.RuleInfo info(Calibrated rule) {
    return new Report.RuleInfo(
        rule.rule().name(),
        rule.rule().adapts(),
        rule.likelihood().scale(),
        rule.likelihood().labelNoise());
  }
}
