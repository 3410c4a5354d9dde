package dev.palate.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of format 2: shared experts beside the routed ones, several scales of the prior. */
class SharedExpertsBundleTest {

  private static final int ROUTED = 3;

  @TempDir private Path temp;

  private Bundle routed() {
    return Bundles.read(TestBundles.randomBundle(temp.resolve("routed"), ROUTED, 5));
  }

  private static SharedExperts shared(float population) {
    int traits = TextTraits.NAMES.size();
    float[] ones = new float[traits];
    float[] low = new float[traits];
    float[] high = new float[traits];
    Arrays.fill(ones, 1);
    Arrays.fill(low, -5);
    Arrays.fill(high, 5);
    float[][] weights = new float[2][traits];
    weights[0][0] = 1;
    weights[1][1] = -1;
    return new SharedExperts(
        List.of("First", "Second"),
        List.of("Positive: more of it.", "Positive: less of it."),
        new float[traits],
        ones,
        low,
        high,
        weights,
        new float[] {population, -1.5f});
  }

  private static Bundle with(Bundle bundle, SharedExperts shared, double[] scales) {
    int k = ROUTED + 2;
    double[][] covariance = new double[k][k];
    double[] leeway = new double[k];
    double[] mean = new double[k];
    List<ExpertCard> cards = new ArrayList<>(bundle.experts());
    for (int i = 0; i < k; i++) {
      covariance[i][i] = i < ROUTED ? 1e-8 : 0.0625;
      leeway[i] = i < ROUTED ? 1 : 0;
      mean[i] = i < ROUTED ? 1.0 / ROUTED : shared.population()[i - ROUTED];
    }
    for (int j = 0; j < 2; j++) {
      cards.add(
          new ExpertCard(
              ROUTED + j,
              shared.names().get(j),
              shared.descriptions().get(j),
              1,
              List.of(),
              List.of(),
              null,
              "more of it",
              "less of it"));
    }
    double[] masses = new double[scales.length];
    Arrays.fill(masses, 1.0 / scales.length);
    return new Bundle(
        bundle.name(),
        "",
        bundle.encoder(),
        bundle.head(),
        shared,
        1,
        0,
        2,
        new UserPrior(new double[k], covariance, leeway, scales, masses),
        mean,
        cards,
        List.of(),
        Map.of(),
        null,
        List.of());
  }

  private Bundle written(String name, Bundle draft) {
    Bundles.write(temp.resolve(name), draft);
    return Bundles.read(temp.resolve(name));
  }

  private Bundle shared() {
    return written("shared", with(routed(), shared(0.5f), new double[] {0.5, 1, 4}));
  }

  @Test
  void readsBackWhatWasWritten() throws Exception {
    Bundle bundle = shared();
    SharedExperts expected = shared(0.5f);
    SharedExperts read = Objects.requireNonNull(bundle.shared());
    assertThat(read.names()).isEqualTo(expected.names());
    assertThat(read.population()).isEqualTo(expected.population());
    assertThat(read.rewards("One. Two. Three!")).isEqualTo(expected.rewards("One. Two. Three!"));
    assertThat(bundle.routedCount()).isEqualTo(ROUTED);
    assertThat(bundle.sharedCount()).isEqualTo(2);
    assertThat(bundle.isShared(ROUTED - 1)).isFalse();
    assertThat(bundle.isShared(ROUTED)).isTrue();
    assertThat(bundle.prior().scales()).containsExactly(0.5, 1, 4);
    assertThat(bundle.experts().getLast().more()).isEqualTo("more of it");
    assertThat(manifest("shared")).contains("palate-bundle-2").contains("\"shared_experts\" : 2");
  }

  @Test
  void withoutSharedExpertsTheFormatIsTheFirstAndSaysNothingOfThem() throws Exception {
    routed();
    assertThat(manifest("routed")).contains("palate-bundle-1").doesNotContain("shared", "traits");
  }

  @Test
  void anotherWeightOfThePopulationIsAnotherVersion() {
    Bundle other = written("other", with(routed(), shared(0.6f), new double[] {0.5, 1, 4}));
    assertThat(other.version()).isNotEqualTo(shared().version());
  }

  @Test
  void traitsThatThisVersionDoesNotCountAreRefused() throws Exception {
    shared();
    Path file = temp.resolve("shared").resolve("bundle.json");
    Files.writeString(
        file, manifest("shared").replace('"' + TextTraits.NAMES.getFirst() + '"', "\"unknown\""));
    assertThatThrownBy(() -> Bundles.read(temp.resolve("shared")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("unknown")
        .hasMessageContaining("train again");
  }

  @Test
  void aNumberOfSharedExpertsThatLeavesNoRoutedOneIsRefused() throws Exception {
    shared();
    Path file = temp.resolve("shared").resolve("bundle.json");
    Files.writeString(
        file, manifest("shared").replace("\"shared_experts\" : 2", "\"shared_experts\" : 5"));
    assertThatThrownBy(() -> Bundles.read(temp.resolve("shared")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("shared_experts");
  }

  @Test
  void scalesThatDoNotAscendAreRefused() {
    Bundle draft = with(routed(), shared(0.5f), new double[] {1, 0.5});
    assertThatThrownBy(() -> written("bad", draft))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("prior.scales");
  }

  private String manifest(String name) throws Exception {
    return Files.readString(temp.resolve(name).resolve("bundle.json"));
  }
}
