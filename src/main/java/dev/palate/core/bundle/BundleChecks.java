package dev.palate.core.bundle;

import dev.palate.core.traits.PairFeatures;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What must hold between the numbers of a bundle before it may serve. */
final class BundleChecks {
  private final Path dir;

  private BundleChecks(Path dir) {
    this.dir = dir;
  }

  static void check(Bundle bundle, BundleManifest manifest, Path dir) {
    BundleChecks checks = new BundleChecks(dir);
    checks.manifest(bundle, manifest);
    checks.shapes(bundle);
    checks.prior(bundle.prior(), bundle.expertCount());
    BundleDiagnostics diagnostics = bundle.diagnostics();
    checks.require(
        diagnostics == null || diagnostics.expertCount() == bundle.routedCount(),
        Bundles.DIAGNOSTICS,
        "'domains' must have a number for each routed expert");
    checks.examplePairs(bundle);
  }

  private void examplePairs(Bundle bundle) {
    Set<String> named = new HashSet<>();
    bundle.experts().forEach(card -> named.addAll(card.examples()));
    Set<String> seen = new HashSet<>();
    for (ExamplePair pair : bundle.examplePairs()) {
      require(
          named.contains(pair.id()),
          Bundles.EXAMPLE_PAIRS,
          "no card names the pair '%s'".formatted(pair.id()));
      require(
          seen.add(pair.id()),
          Bundles.EXAMPLE_PAIRS,
          "it holds the pair '%s' twice".formatted(pair.id()));
    }
  }

  private void manifest(Bundle bundle, BundleManifest manifest) {
    int k = bundle.expertCount();
    EncoderSpec encoder = bundle.encoder();
    require(k >= 1, Bundles.EXPERTS, "it names no expert");
    require(manifest.experts() == k, Bundles.MANIFEST, "'experts' is not the number of cards");
    for (int i = 0; i < k; i++) {
      require(
          bundle.experts().get(i).expert() == i,
          Bundles.EXPERTS,
          "card %d is not expert %d".formatted(i, i));
    }
    require(
        Double.isFinite(bundle.scale()) && bundle.scale() > 0,
        Bundles.MANIFEST,
        "'scale' must be a positive number");
    require(
        bundle.labelNoise() >= 0 && bundle.labelNoise() < 0.5,
        Bundles.MANIFEST,
        "'label_noise' must be in [0, 0.5)");
    require(
        bundle.topM() >= 1 && bundle.topM() <= bundle.routedCount(),
        Bundles.MANIFEST,
        "'top_m' must be 1 to the number of routed experts");
    require(
        encoder.dimension() >= 1 && encoder.maxTokens() >= EncoderSpec.MIN_TOKENS,
        Bundles.MANIFEST,
        "'encoder' needs a dimension and at least %d tokens".formatted(EncoderSpec.MIN_TOKENS));
    require(
        encoder.maxPromptTokens() >= EncoderSpec.MIN_TOKENS,
        Bundles.MANIFEST,
        "'encoder.max_prompt_tokens' must be at least %d".formatted(EncoderSpec.MIN_TOKENS));
    boolean remote = encoder.kind() == EncoderSpec.Kind.REMOTE;
    require(
        !remote || (!encoder.source().isBlank() && encoder.styleFeatures().isEmpty()),
        Bundles.MANIFEST,
        "'encoder' of kind remote must name a model in 'source' and has no style features");
    require(
        encoder.fingerprint().size() == (remote ? EncoderSpec.FINGERPRINT_LENGTH : 0)
            && encoder.fingerprint().stream().allMatch(Double::isFinite),
        Bundles.MANIFEST,
        "'encoder.fingerprint' must hold %d numbers for kind remote, else none"
            .formatted(EncoderSpec.FINGERPRINT_LENGTH));
    double[] mean = bundle.meanRouting();
    require(mean.length == k, Bundles.MANIFEST, "'mean_routing' must hold a weight per expert");
    double total = 0;
    for (int i = 0; i < k; i++) {
      require(
          Double.isFinite(mean[i]) && (mean[i] >= 0 || bundle.isShared(i)),
          Bundles.MANIFEST,
          "'mean_routing' is no routing");
      total += bundle.isShared(i) ? 0 : mean[i];
    }
    require(
        Math.abs(total - 1) < 1e-3,
        Bundles.MANIFEST,
        "'mean_routing' of the routed experts must sum to 1");
    require(
        manifest.version().equals(manifest.computeVersion()),
        Bundles.MANIFEST,
        "'version' does not belong to its content, it was edited by hand");
  }

  private void shapes(Bundle bundle) {
    PairFeatures pair = bundle.pair();
    require(
        pair == null || pair.weights().length == bundle.routedCount(),
        Bundles.HEAD,
        "'pair.weight' must have a row for each routed expert");
    Head head = bundle.head();
    if (head == null) {
      return;
    }
    int d = bundle.encoder().dimension();
    int k = bundle.routedCount();
    int h = head.routerHidden().length;
    shape("router.0.weight", head.routerHidden(), h, d);
    require(head.routerHiddenBias().length == h, Bundles.HEAD, "'router.0.bias' must be [h]");
    shape("router.2.weight", head.routerOut(), k, h);
    require(head.routerOutBias().length == k, Bundles.HEAD, "'router.2.bias' must be [k]");
    int f = head.featureCount();
    if (f > 0) {
      shape("features.weight", head.features(), f, d);
    }
    require(head.featuresBias().length == f, Bundles.HEAD, "'features.bias' must be [f]");
    shape("experts.weight", head.experts(), k, d + f);
  }

  private void shape(String name, float[][] rows, int height, int width) {
    require(
        height >= 1 && rows.length == height && rows[0].length == width,
        Bundles.HEAD,
        "'%s' must be [%d, %d]".formatted(name, height, width));
  }

  private void prior(UserPrior prior, int k) {
    double[][] sigma = prior.covariance();
    require(prior.mean().length == k, Bundles.HEAD, "'prior.mean' must be [k]");
    double[] leeway = prior.leeway();
    require(
        leeway.length == k && Arrays.stream(leeway).allMatch(a -> a >= 0 && a <= 1),
        Bundles.HEAD,
        "'prior.leeway' must be [k], each in [0, 1]");
    double[] scales = prior.scales();
    double[] masses = prior.masses();
    boolean ascending = true;
    for (int i = 0; i < scales.length; i++) {
      ascending &= scales[i] > (i == 0 ? 0 : scales[i - 1]);
    }
    require(
        scales.length >= 1 && ascending,
        Bundles.HEAD,
        "'prior.scales' must be positive and ascending");
    require(
        masses.length == scales.length && Arrays.stream(masses).allMatch(mass -> mass > 0),
        Bundles.HEAD,
        "'prior.masses' must hold a positive number per scale");
    require(sigma.length == k, Bundles.HEAD, "'prior.covariance' must be [k, k]");
    for (int i = 0; i < k; i++) {
      require(sigma[i].length == k, Bundles.HEAD, "'prior.covariance' must be [k, k]");
      for (int j = 0; j < i; j++) {
        require(
            Math.abs(sigma[i][j] - sigma[j][i])
                <= 1e-6 * (Math.abs(sigma[i][j]) + Math.abs(sigma[j][i])),
            Bundles.HEAD,
            "'prior.covariance' is not symmetric");
      }
    }
    require(isPositiveDefinite(sigma), Bundles.HEAD, "'prior.covariance' is not positive definite");
  }

  /** By Cholesky: every pivot must be positive. */
  private static boolean isPositiveDefinite(double[][] sigma) {
    int k = sigma.length;
    double[][] lower = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = sigma[i][j];
        for (int m = 0; m < j; m++) {
          rest -= lower[i][m] * lower[j][m];
        }
        if (i == j && !(rest > 0)) {
          return false;
        }
        lower[i][j] = i == j ? Math.sqrt(rest) : rest / lower[j][j];
      }
    }
    return true;
  }

  private void require(boolean holds, String file, String otherwise) {
    if (!holds) {
      throw new BundleException(
          "%s: %s. Restore the file or train again.".formatted(dir.resolve(file), otherwise));
    }
  }
}
