package dev.palate.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a bundle's file keeps of features and leeway, and what it may not hold. */
class BundleTensorsTest {

  private static final int K = 3;
  private static final int F = 5;

  @TempDir Path temp;
  private Bundle bundle;

  @BeforeEach
  void readABundleWithFeatures() {
    bundle = Bundles.read(TestBundles.randomBundle(temp.resolve("good"), K, F, 2));
  }

  @Test
  void leewayAndFeaturesComeBackAsTheyWereWritten() {
    double[] leeway = {1, 0.25, 0};
    Head head = head(bundle);

    Bundle again = written(with(head, leeway));

    assertThat(again.prior().leeway()).containsExactly(leeway);
    assertThat(head(again).features()).isDeepEqualTo(head.features());
    assertThat(head(again).featuresBias()).containsExactly(head.featuresBias());
  }

  @Test
  void leewayIsPartOfTheVersionForItDecidesScores() {
    Bundle other = written(with(head(bundle), new double[] {1, 1, 0.5}));
    assertThat(other.version()).isNotEqualTo(bundle.version());
  }

  @Test
  void aBundleFromBeforeLeewayAndFeaturesIsReadWithFullLeewayAndNone() {
    SequencedMap<String, Tensor> tensors = HeadTensors.of(bundle);
    tensors.remove("prior.leeway");
    tensors.remove("features.weight");
    tensors.remove("features.bias");

    assertThat(HeadTensors.prior(tensors, temp).leeway()).containsOnly(1).hasSize(K);
    assertThat(HeadTensors.head(tensors, temp).featureCount()).isZero();
  }

  static Stream<double[]> badLeeway() {
    return Stream.of(
        new double[] {1, 1},
        new double[] {1, 1, 1, 1},
        new double[] {1, -0.1, 1},
        new double[] {1, 1.1, 1},
        new double[] {1, Double.NaN, 1});
  }

  @ParameterizedTest
  @MethodSource("badLeeway")
  void leewayThatIsNoneIsRefusedByName(double[] leeway) {
    assertThatThrownBy(() -> written(with(head(bundle), leeway)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("prior.leeway");
  }

  @Test
  void featuresOfAnotherWidthAreRefusedByName() {
    Head head = head(bundle);
    assertThatThrownBy(() -> written(with(features(head, new float[F][7], F), full())))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("features.weight");
  }

  @Test
  void aBiasOfAnotherLengthIsRefusedByName() {
    Head head = head(bundle);
    assertThatThrownBy(() -> written(with(features(head, head.features(), F + 1), full())))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("features.bias");
  }

  @Test
  void expertsThatDoNotReadTheFeaturesAreRefusedByName() {
    Head head = head(bundle);
    Head narrow = head.withExperts(new float[K][bundle.encoder().dimension()]);
    assertThatThrownBy(() -> written(with(narrow, full())))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("experts.weight");
  }

  private static double[] full() {
    return new double[] {1, 1, 1};
  }

  private static Head head(Bundle bundle) {
    return Objects.requireNonNull(bundle.head());
  }

  private static Head features(Head head, float[][] weights, int biases) {
    return new Head(
        head.routerHidden(),
        head.routerHiddenBias(),
        head.routerOut(),
        head.routerOutBias(),
        weights,
        new float[biases],
        head.experts());
  }

  private Bundle with(Head head, double[] leeway) {
    return new Bundle(
        bundle.name(),
        "",
        bundle.encoder(),
        head,
        bundle.scale(),
        bundle.labelNoise(),
        bundle.topM(),
        new UserPrior(bundle.prior().mean(), bundle.prior().covariance(), leeway),
        bundle.meanRouting(),
        bundle.experts(),
        bundle.data(),
        bundle.metrics());
  }

  private Bundle written(Bundle draft) {
    Path dir = temp.resolve("written");
    Bundles.write(dir, draft);
    return Bundles.read(dir);
  }
}
