package dev.palate.core.bundle;

import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.SharedExperts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trained reward model at rest: {@code bundle.json}, {@code head.safetensors}, {@code
 * experts.json}, {@code diagnostics.json}, {@code example-pairs.json} and {@code warnings.json} of
 * a bundle directory.
 *
 * @param name the bundle's name
 * @param version first 8 hex digits of the hash of all that decides its scores
 * @param head the trained tensors; null for a {@code torchscript} encoder, whose archive holds its
 *     own
 * @param shared the last experts, which read a response's counted traits and are always on; null
 *     for a bundle of format 1, which has none
 * @param pair what the routed experts read of prompt and response together; null for nothing
 * @param scale s of MODEL.md: P(first preferred) = sigmoid(s * margin)
 * @param labelNoise e of MODEL.md, in [0, 0.5)
 * @param topM how many routing weights are kept when serving
 * @param meanRouting w_bar, {@code double[k]}: mean routing over training prompts, then the
 *     population's weights of the shared experts; the weights shown for a user without labels
 * @param metrics measured quality, by name
 * @param diagnostics null where none were measured
 * @param examplePairs the texts of pairs that the cards name; empty where none are kept
 * @param warnings of its training; empty where there was none, or an older Palate trained it
 */
public record Bundle(
    String name,
    String version,
    EncoderSpec encoder,
    @Nullable Head head,
    @Nullable SharedExperts shared,
    @Nullable PairFeatures pair,
    double scale,
    double labelNoise,
    int topM,
    UserPrior prior,
    double[] meanRouting,
    List<ExpertCard> experts,
    List<DataSource> data,
    Map<String, Double> metrics,
    @Nullable BundleDiagnostics diagnostics,
    List<ExamplePair> examplePairs,
    List<BundleWarning> warnings) {

  public Bundle {
    examplePairs = List.copyOf(examplePairs);
    warnings = List.copyOf(warnings);
  }

  /** A bundle whose routed experts read the response alone, without warnings. */
  public Bundle(
      String name,
      String version,
      EncoderSpec encoder,
      @Nullable Head head,
      @Nullable SharedExperts shared,
      double scale,
      double labelNoise,
      int topM,
      UserPrior prior,
      double[] meanRouting,
      List<ExpertCard> experts,
      List<DataSource> data,
      Map<String, Double> metrics,
      @Nullable BundleDiagnostics diagnostics,
      List<ExamplePair> examplePairs) {
    this(
        name,
        version,
        encoder,
        head,
        shared,
        null,
        scale,
        labelNoise,
        topM,
        prior,
        meanRouting,
        experts,
        data,
        metrics,
        diagnostics,
        examplePairs,
        List.of());
  }

  /** A bundle of format 1 whose diagnostics were not measured, and that keeps no texts. */
  public Bundle(
      String name,
      String version,
      EncoderSpec encoder,
      @Nullable Head head,
      double scale,
      double labelNoise,
      int topM,
      UserPrior prior,
      double[] meanRouting,
      List<ExpertCard> experts,
      List<DataSource> data,
      Map<String, Double> metrics) {
    this(
        name,
        version,
        encoder,
        head,
        null,
        null,
        scale,
        labelNoise,
        topM,
        prior,
        meanRouting,
        experts,
        data,
        metrics,
        null,
        List.of(),
        List.of());
  }

  /** The same model, whose routed experts read these too. */
  public Bundle withPair(@Nullable PairFeatures features) {
    return with(features, experts, diagnostics, examplePairs, warnings);
  }

  /** The same model with other cards. */
  public Bundle withExperts(List<ExpertCard> cards) {
    return with(pair, cards, diagnostics, examplePairs, warnings);
  }

  /** The same model, measured. */
  public Bundle withDiagnostics(@Nullable BundleDiagnostics measured) {
    return with(pair, experts, measured, examplePairs, warnings);
  }

  /** The same model with the texts of pairs that its cards name. */
  public Bundle withExamplePairs(List<ExamplePair> pairs) {
    return with(pair, experts, diagnostics, pairs, warnings);
  }

  /** The same model with the warnings of its training. */
  public Bundle withWarnings(List<BundleWarning> told) {
    return with(pair, experts, diagnostics, examplePairs, told);
  }

  private Bundle with(
      @Nullable PairFeatures features,
      List<ExpertCard> cards,
      @Nullable BundleDiagnostics measured,
      List<ExamplePair> pairs,
      List<BundleWarning> told) {
    return new Bundle(
        name,
        version,
        encoder,
        head,
        shared,
        features,
        scale,
        labelNoise,
        topM,
        prior,
        meanRouting,
        cards,
        data,
        metrics,
        measured,
        pairs,
        told);
  }

  /** Of the pairs that a card names those whose texts are kept, in the card's order. */
  public List<ExamplePair> examplePairs(ExpertCard card) {
    return card.examples().stream()
        .distinct()
        .flatMap(id -> examplePairs.stream().filter(pair -> pair.id().equals(id)))
        .toList();
  }

  /** Whether its experts read how the tokens of prompt and response match. */
  public boolean readsInteraction() {
    return pair != null && encoder.readsInteraction();
  }

  /** K, the number of experts. */
  public int expertCount() {
    return experts.size();
  }

  /** K_s, the number of shared experts, which are the last; 0 in a bundle of format 1. */
  public int sharedCount() {
    return shared == null ? 0 : shared.expertCount();
  }

  /** K_r, the number of experts that the router chooses among, which are the first. */
  public int routedCount() {
    return expertCount() - sharedCount();
  }

  /** Whether an expert is always on. */
  public boolean isShared(int expert) {
    return expert >= routedCount();
  }
}
