package dev.palate.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.PairFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairFeaturesBundleTest {

  private static final int EXPERTS = 3;
  private static final List<Integer> LAYERS = List.of(2, 3);

  @TempDir private Path temp;

  private static PairFeatures pair(List<String> names, int experts) {
    float[] ones = new float[names.size()];
    float[] low = new float[names.size()];
    Arrays.fill(ones, 1);
    Arrays.fill(low, -1);
    return new PairFeatures(
        names,
        new float[names.size()],
        ones,
        low,
        ones,
        TestBundles.matrix(new Random(1), experts, names.size()),
        Fluency.unknown());
  }

  private Bundle plain() {
    return Bundles.read(TestBundles.randomBundle(temp.resolve("plain"), EXPERTS, 5));
  }

  private Bundle draft(List<Integer> layers, PairFeatures pair) {
    Bundle plain = plain();
    return new Bundle(
            plain.name(),
            "",
            plain.encoder().withInteraction(layers, 128),
            plain.head(),
            1,
            0.05,
            2,
            plain.prior(),
            plain.meanRouting(),
            plain.experts(),
            plain.data(),
            plain.metrics())
        .withPair(pair);
  }

  private Bundle written(Bundle draft) {
    return Bundles.write(temp.resolve("pair"), draft);
  }

  private void edit(String from, String to) throws IOException {
    Path file = temp.resolve("pair").resolve(Bundles.MANIFEST);
    String json = Files.readString(file);
    assertThat(json).contains(from);
    Files.writeString(file, json.replace(from, to));
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> Bundles.read(temp.resolve("pair")))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void readsBackWhatWasWritten() throws IOException {
    PairFeatures pair = pair(InteractionFeatures.names(LAYERS).subList(3, 12), EXPERTS);
    Bundle bundle = written(draft(LAYERS, pair));
    PairFeatures read = Objects.requireNonNull(bundle.pair());
    assertThat(read.names()).isEqualTo(pair.names());
    assertThat(read.weights()).isDeepEqualTo(pair.weights());
    assertThat(bundle.encoder().interactionLayers()).isEqualTo(LAYERS);
    assertThat(bundle.encoder().maxPromptTokens()).isEqualTo(128);
    assertThat(bundle.readsInteraction()).isTrue();
    assertThat(temp.resolve("pair").resolve(Bundles.MANIFEST))
        .content()
        .contains("palate-bundle-2", "\"max_prompt_tokens\" : 128", "\"pair_features\"");
  }

  @Test
  void aBundleWithoutThemSaysNothingOfThem() throws IOException {
    Bundle plain = plain();
    assertThat(plain.pair()).isNull();
    assertThat(plain.readsInteraction()).isFalse();
    assertThat(plain.encoder().maxPromptTokens()).isEqualTo(plain.encoder().maxTokens());
    assertThat(temp.resolve("plain").resolve(Bundles.MANIFEST))
        .content()
        .contains("palate-bundle-1")
        .doesNotContain("pair", "interaction", "prompt_tokens");
  }

  /** Features, layers and the prompt's limit decide scores. */
  @Test
  void eachChangeOfWhatIsReadIsAnotherVersion() {
    List<String> names = InteractionFeatures.names(LAYERS);
    List<String> turned = new ArrayList<>(names);
    Collections.reverse(turned);
    assertThat(
            List.of(
                plain().version(),
                written(draft(LAYERS, pair(names, EXPERTS))).version(),
                written(draft(LAYERS, pair(turned, EXPERTS))).version(),
                written(draft(List.of(1, 2, 3), pair(names, EXPERTS))).version()))
        .doesNotHaveDuplicates();
  }

  @Test
  void aFeatureThatThisVersionDoesNotComputeIsRefused() throws IOException {
    written(draft(LAYERS, pair(InteractionFeatures.names(LAYERS), EXPERTS)));
    edit("layer 3: all cosines, mean", "layer 3: something new");
    assertRefused("pair_features", "layer 3: something new", "train again");
  }

  @Test
  void aFeatureOfALayerThatIsNotComparedIsRefused() {
    assertThatThrownBy(
            () -> written(draft(List.of(2), pair(InteractionFeatures.names(LAYERS), EXPERTS))))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("pair_features", "layer 3");
  }

  @Test
  void weightsOfAnotherNumberOfExpertsAreRefused() {
    assertThatThrownBy(
            () -> written(draft(LAYERS, pair(InteractionFeatures.names(LAYERS), EXPERTS + 1))))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("pair.weight");
  }

  @Test
  void anEncoderThatGivesNoTokenStatesIsRefused() throws IOException {
    written(draft(LAYERS, pair(InteractionFeatures.names(LAYERS), EXPERTS)));
    edit("\"kind\" : \"bert\"", "\"kind\" : \"torchscript\"");
    assertRefused("interaction_layers", "kind torchscript does not give");
    edit("\"kind\" : \"torchscript\"", "\"kind\" : \"remote\"");
    assertRefused("interaction_layers", "kind remote does not give");
  }

  @Test
  void layersAndLimitsThatCannotBeAreRefused() {
    EncoderSpec encoder = plain().encoder();
    for (List<Integer> layers : List.of(List.of(0), List.of(2, 2), List.of(3, 2), List.of(-1, 1))) {
      assertThatThrownBy(() -> encoder.withInteraction(layers, 128))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ascend from 1");
    }
    assertThatThrownBy(() -> encoder.withInteraction(LAYERS, encoder.maxTokens() + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max_prompt_tokens");
    EncoderSpec joint =
        Bundles.read(
                TestBundles.randomBundle(
                    temp.resolve("joint"), EXPERTS, 5, ResponseInput.PROMPT_AND_RESPONSE))
            .encoder();
    assertThatThrownBy(() -> joint.withInteraction(LAYERS, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read apart");
  }
}
