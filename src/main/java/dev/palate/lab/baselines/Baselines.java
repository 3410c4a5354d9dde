package dev.palate.lab.baselines;

import dev.palate.lab.data.Split;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.judge.FixedRule;
import dev.palate.lab.judge.Heads;
import dev.palate.lab.judge.LinearRule;
import dev.palate.lab.judge.Material;
import dev.palate.lab.judge.Rule;
import dev.palate.lab.judge.Selection;
import dev.palate.lab.train.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** All baselines of MODEL.md, fitted on one material. */
public final class Baselines {

  private static final int ENSEMBLE = 100;

  private Baselines() {}

  /**
   * Those that learn are left out where the data has no train or validation line, those that learn
   * on embeddings where there are none.
   *
   * @param progress told what is being fitted
   */
  public static List<Rule> fit(Material material, Consumer<String> progress) {
    Map<String, Function<Material, Rule>> fits = new LinkedHashMap<>();
    if (material.trainable()) {
      fits.put("single head", Baselines::singleHead);
      fits.put("dense MoE", Baselines::dense);
      fits.put("MiCRo", m -> new MixtureTraining(m.training().settings()).fit(m, "MiCRo"));
      fits.put("random heads + HyRe", Baselines::randomHeads);
      fits.put("PCA heads + HyRe", Baselines::principalHeads);
      fits.put("LoRe", Baselines::lore);
      fits.put("Reward Features", Baselines::rewardFeatures);
    }
    fits.put("Hedge, global", Baselines::hedge);
    fits.put("Hedge, tilted", Baselines::tiltedHedge);
    if (material.taught()) {
      fits.put("majority", Majority::winRate);
    }
    fits.put("longer response", m -> Majority.longer(m.data().pairs()));
    List<Rule> rules = new ArrayList<>();
    fits.forEach((name, fit) -> {
      progress.accept(name);
      rules.add(fit.apply(material));
    });
    return rules;
  }

  static Rule singleHead(Material material) {
    BilinearTraining.Basis basis =
        new BilinearTraining(BilinearTraining.Coefficients.NONE, 1, material.training().settings())
            .fit(material);
    float[][] margins = PairScores.of(Heads.only(basis.heads()), material.pairs()).margins();
    return new FixedRule(
        "single head", Arrays.stream(margins).mapToDouble(margin -> margin[0]).toArray());
  }

  private static Rule dense(Material material) {
    PairScores scores =
        PairScores.of(
            material
                .training()
                .dense(material.encoded(Split.TRAIN), material.encoded(Split.VALIDATION)),
            material.pairs());
    return new FixedRule("dense MoE", scores.margins(Integer.MAX_VALUE));
  }

  private static Rule randomHeads(Material material) {
    EncodedPairs train = material.encoded(Split.TRAIN);
    return ensemble("random heads + HyRe", Heads.random(train, ENSEMBLE, 1), material);
  }

  private static Rule principalHeads(Material material) {
    EncodedPairs train = material.encoded(Split.TRAIN);
    return ensemble("PCA heads + HyRe", Heads.principal(train, ENSEMBLE), material);
  }

  private static Rule ensemble(String name, float[][] heads, Material material) {
    return new LinearRule(
        name, material.margins(heads), new Reweighting(heads.length, Reweighting.HYRE, 1));
  }

  private static Rule lore(Material material) {
    BilinearTraining.Basis basis = basis(BilinearTraining.Coefficients.SIMPLEX, material);
    return new LinearRule(
        "LoRe", material.margins(basis.heads()), new SimplexWeights(basis.mean()));
  }

  private static Rule rewardFeatures(Material material) {
    BilinearTraining.Basis basis = basis(BilinearTraining.Coefficients.SIGNED, material);
    float[][] margins = material.margins(basis.heads());
    List<Rule> candidates = new ArrayList<>();
    for (double deviation : new double[] {0.003, 0.01, 0.03, 0.1, 0.3, 1}) {
      candidates.add(
          new LinearRule("Reward Features", margins, new FeatureWeights(basis.mean(), deviation)));
    }
    return Selection.best(candidates, material);
  }

  private static BilinearTraining.Basis basis(
      BilinearTraining.Coefficients kind, Material material) {
    TrainingSettings settings = material.training().settings();
    return new BilinearTraining(kind, settings.experts(), settings).fit(material);
  }

  private static Rule hedge(Material material) {
    return new LinearRule(
        "Hedge, global",
        material.scores().routed().margins(),
        new Reweighting(
            material.bundle().routedCount(), Reweighting.HEDGE, material.bundle().scale()));
  }

  private static Rule tiltedHedge(Material material) {
    List<Rule> candidates =
        DoubleStream.of(1, 0.5, 2, 4)
            .<Rule>mapToObj(rho ->
                new TiltedHedge(
                    "Hedge, tilted",
                    material.scores().routed().margins(),
                    material.scores().routed().routing(),
                    rho,
                    material.bundle().scale(),
                    false))
            .toList();
    return Selection.best(candidates, material);
  }
}
