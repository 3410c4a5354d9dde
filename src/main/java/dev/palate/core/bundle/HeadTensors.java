package dev.palate.core.bundle;

import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.SharedExperts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Router, experts and prior as the named tensors of {@code head.safetensors}. */
final class HeadTensors {
  private HeadTensors() {}

  static SequencedMap<String, Tensor> of(Bundle bundle) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    Head head = bundle.head();
    if (head != null) {
      tensors.put("router.0.weight", Tensor.matrix(head.routerHidden()));
      tensors.put("router.0.bias", Tensor.vector(head.routerHiddenBias()));
      tensors.put("router.2.weight", Tensor.matrix(head.routerOut()));
      tensors.put("router.2.bias", Tensor.vector(head.routerOutBias()));
      if (head.featureCount() > 0) {
        tensors.put("features.weight", Tensor.matrix(head.features()));
        tensors.put("features.bias", Tensor.vector(head.featuresBias()));
      }
      tensors.put("experts.weight", Tensor.matrix(head.experts()));
    }
    SharedExperts shared = bundle.shared();
    if (shared != null) {
      tensors.put("traits.mean", Tensor.vector(shared.mean()));
      tensors.put("traits.deviation", Tensor.vector(shared.deviation()));
      tensors.put("traits.low", Tensor.vector(shared.low()));
      tensors.put("traits.high", Tensor.vector(shared.high()));
      tensors.put("shared.weight", Tensor.matrix(shared.weights()));
      tensors.put("shared.population", Tensor.vector(shared.population()));
    }
    PairFeatures pair = bundle.pair();
    if (pair != null) {
      tensors.put("pair.mean", Tensor.vector(pair.mean()));
      tensors.put("pair.deviation", Tensor.vector(pair.deviation()));
      tensors.put("pair.low", Tensor.vector(pair.low()));
      tensors.put("pair.high", Tensor.vector(pair.high()));
      tensors.put("pair.weight", Tensor.matrix(pair.weights()));
      tensors.put("pair.word_order", Tensor.matrix(pair.fluency().order()));
      tensors.put("pair.spelling", Tensor.matrix(pair.fluency().letters()));
      tensors.put("pair.usual", Tensor.vector(pair.fluency().usual()));
    }
    tensors.put("prior.mean", Tensor.vector(floats(bundle.prior().mean())));
    double[][] covariance = bundle.prior().covariance();
    float[][] rows = new float[covariance.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = floats(covariance[i]);
    }
    tensors.put("prior.covariance", Tensor.matrix(rows));
    tensors.put("prior.leeway", Tensor.vector(floats(bundle.prior().leeway())));
    if (!bundle.prior().hasOneScale()) {
      tensors.put("prior.scales", Tensor.vector(floats(bundle.prior().scales())));
      tensors.put("prior.masses", Tensor.vector(floats(bundle.prior().masses())));
    }
    return tensors;
  }

  /**
   * @param cards of the shared experts, for their names
   */
  static SharedExperts shared(Map<String, Tensor> tensors, List<ExpertCard> cards, Path file) {
    return new SharedExperts(
        cards.stream().map(ExpertCard::name).toList(),
        cards.stream().map(ExpertCard::description).toList(),
        tensor(tensors, "traits.mean", 1, file).values(),
        tensor(tensors, "traits.deviation", 1, file).values(),
        tensor(tensors, "traits.low", 1, file).values(),
        tensor(tensors, "traits.high", 1, file).values(),
        tensor(tensors, "shared.weight", 2, file).rows(),
        tensor(tensors, "shared.population", 1, file).values());
  }

  /**
   * @throws IllegalArgumentException where they do not belong to the names
   */
  static PairFeatures pair(Map<String, Tensor> tensors, List<String> names, Path file) {
    return new PairFeatures(
        names,
        tensor(tensors, "pair.mean", 1, file).values(),
        tensor(tensors, "pair.deviation", 1, file).values(),
        tensor(tensors, "pair.low", 1, file).values(),
        tensor(tensors, "pair.high", 1, file).values(),
        tensor(tensors, "pair.weight", 2, file).rows(),
        new Fluency(
            tensor(tensors, "pair.word_order", 2, file).rows(),
            tensor(tensors, "pair.spelling", 2, file).rows(),
            tensor(tensors, "pair.usual", 1, file).values()));
  }

  static Head head(Map<String, Tensor> tensors, Path file) {
    boolean features = tensors.containsKey("features.weight");
    return new Head(
        tensor(tensors, "router.0.weight", 2, file).rows(),
        tensor(tensors, "router.0.bias", 1, file).values(),
        tensor(tensors, "router.2.weight", 2, file).rows(),
        tensor(tensors, "router.2.bias", 1, file).values(),
        features ? tensor(tensors, "features.weight", 2, file).rows() : new float[0][],
        features ? tensor(tensors, "features.bias", 1, file).values() : new float[0],
        tensor(tensors, "experts.weight", 2, file).rows());
  }

  static UserPrior prior(Map<String, Tensor> tensors, Path file) {
    float[][] rows = tensor(tensors, "prior.covariance", 2, file).rows();
    double[][] covariance = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      covariance[i] = doubles(rows[i]);
    }
    double[] mean = doubles(tensor(tensors, "prior.mean", 1, file).values());
    if (!tensors.containsKey("prior.leeway")) {
      return new UserPrior(mean, covariance);
    }
    double[] leeway = doubles(tensor(tensors, "prior.leeway", 1, file).values());
    if (!tensors.containsKey("prior.scales")) {
      return new UserPrior(mean, covariance, leeway);
    }
    double[] masses = doubles(tensor(tensors, "prior.masses", 1, file).values());
    double total = Arrays.stream(masses).sum();
    return new UserPrior(
        mean,
        covariance,
        leeway,
        doubles(tensor(tensors, "prior.scales", 1, file).values()),
        Arrays.stream(masses).map(mass -> mass / total).toArray());
  }

  private static Tensor tensor(
      Map<String, Tensor> tensors, String name, int dimensions, Path file) {
    Tensor tensor = tensors.get(name);
    if (tensor == null || tensor.shape().length != dimensions) {
      throw new BundleException(
          "%s has no tensor '%s' of %d dimensions. Restore the file or train again."
              .formatted(file, name, dimensions));
    }
    if (!tensor.isFinite()) {
      throw new BundleException(
          "%s: tensor '%s' holds NaN or infinity. Train again.".formatted(file, name));
    }
    return tensor;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
