package dev.palate.core.taste;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How far a learned prior may be trusted, and where: few labels must never hurt.
 *
 * <p>People differ more in one domain than in another: opinions on politics part a crowd, a better
 * argument hardly does. One covariance for all would let labels move too much here or too little
 * there. So each domain of the validation users, who taught neither the experts nor Sigma, is asked
 * for the factor on Sigma under which its users' other labels are most likely; a factor under which
 * they lose accuracy or log-likelihood at any number of labels is not eligible. The largest of
 * these factors scales Sigma, and the others become leeway: an expert's is the mean over domains,
 * by how much they route to it, of the square root of the domain's factor over the largest, and so
 * is in [0, 1]. At last the whole is judged as it serves, and the factor of a domain that is hurt
 * goes down until none is.
 *
 * <p>The accuracy of a handful of users moves by points with the draw of their labels. A domain of
 * few users objects by its log-likelihood alone, to any loss, and may not ask for more than the
 * least that a domain of many users gets.
 */
public final class PriorTuning {

  private static final double[] FACTORS = {
    0, 1 / 64.0, 1 / 32.0, 1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 2.0, 1, 2, 4
  };

  private final Likelihood likelihood;
  private final Map<String, List<List<LabelMargin>>> validation;
  private final Map<String, ShotQuality[]> unadapted;

  private PriorTuning(
      int experts, Likelihood likelihood, Map<String, List<List<LabelMargin>>> validation) {
    this.likelihood = likelihood;
    this.validation = validation;
    this.unadapted = measure(Prior.isotropic(experts, 1).scaled(0));
  }

  /**
   * The learned prior with the strength and the leeway that serve unseen users best.
   *
   * @param validation by domain, users who did not teach {@code learned}; each user's labels in an
   *     order that is as good as random: n of them adapt, the rest judge
   */
  public static Prior tune(
      Prior learned, Likelihood likelihood, Map<String, List<List<LabelMargin>>> validation) {
    PriorTuning tuning = new PriorTuning(learned.expertCount(), likelihood, validation);
    Map<String, Double> factors = tuning.factors(learned);
    while (true) {
      double largest = largest(factors.values());
      if (largest == 0) {
        return learned.scaled(0);
      }
      Prior tried = learned.scaled(largest).withLeeway(tuning.leeway(factors, largest));
      Map<String, Double> gains = tuning.gains(tried);
      if (gains.values().stream().allMatch(gain -> gain >= 0)) {
        return tried;
      }
      // an objecting domain of factor 0 can only be helped by the others
      boolean stuck = !lower(factors, domain -> gains.getOrDefault(domain, 0.0) < 0);
      if (stuck) {
        lower(factors, domain -> true);
      }
    }
  }

  /** The next lower factor for these; whether there was one for any. */
  private static boolean lower(Map<String, Double> factors, Predicate<String> which) {
    boolean lowered = false;
    for (Map.Entry<String, Double> each : factors.entrySet()) {
      if (each.getValue() > 0 && which.test(each.getKey())) {
        int place = Arrays.binarySearch(FACTORS, each.getValue());
        each.setValue(FACTORS[place - 1]);
        lowered = true;
      }
    }
    return lowered;
  }

  /** Each domain's own factor. */
  private Map<String, Double> factors(Prior learned) {
    Map<String, Double> best = new TreeMap<>();
    Map<String, Double> bestGain = new TreeMap<>();
    for (double factor : FACTORS) {
      gains(learned.scaled(factor))
          .forEach((domain, gain) -> {
            if (gain > bestGain.getOrDefault(domain, Double.NEGATIVE_INFINITY)) {
              bestGain.put(domain, gain);
              best.put(domain, factor);
            }
          });
    }
    double least =
        best.entrySet().stream()
            .filter(entry -> isLarge(entry.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    best.replaceAll((domain, factor) -> isLarge(domain) ? factor : Math.min(factor, least));
    return best;
  }

  private boolean isLarge(String domain) {
    ShotQuality[] qualities = unadapted.getOrDefault(domain, new ShotQuality[0]);
    return qualities.length > 0 && qualities[0].hasVeto();
  }

  private static double largest(Collection<Double> factors) {
    return factors.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** By expert, {@code double[k]}; 0 for shared ones, which know no domain. */
  private double[] leeway(Map<String, Double> factors, double largest) {
    int k = validation.values().iterator().next().getFirst().getFirst().margins().length;
    int routed = RoutingWeights.routedExperts(k, likelihood.sharedExperts());
    double[] sums = new double[k];
    double[] uses = new double[k];
    factors.forEach((domain, factor) -> {
      double[] use = meanRouting(validation.getOrDefault(domain, List.of()), k);
      for (int j = 0; j < routed; j++) {
        sums[j] += use[j] * Math.sqrt(factor / largest);
        uses[j] += use[j];
      }
    });
    for (int j = 0; j < k; j++) {
      sums[j] = uses[j] > 0 ? Math.min(1, sums[j] / uses[j]) : 0;
    }
    return sums;
  }

  /** Each user counting once. */
  private static double[] meanRouting(List<List<LabelMargin>> users, int k) {
    double[] mean = new double[k];
    for (List<LabelMargin> labels : users) {
      for (LabelMargin label : labels) {
        for (int j = 0; j < k; j++) {
          mean[j] += label.routing()[j] / (labels.size() * (double) users.size());
        }
      }
    }
    return mean;
  }

  /**
   * By domain the mean gain in log-likelihood over numbers of labels; minus infinity where one of
   * them hurts. Domains without a user who has labels enough are left out.
   */
  private Map<String, Double> gains(Prior prior) {
    Map<String, Double> gains = new TreeMap<>();
    measure(prior)
        .forEach((domain, adapted) -> {
          ShotQuality[] before = unadapted.getOrDefault(domain, adapted);
          double sum = 0;
          int count = 0;
          for (int i = 0; i < adapted.length && adapted[i].users() > 0; i++) {
            sum +=
                adapted[i].hurts(before[i])
                    ? Double.NEGATIVE_INFINITY
                    : adapted[i].logLikelihood() - before[i].logLikelihood();
            count++;
          }
          if (count > 0) {
            gains.put(domain, Math.abs(sum) < 1e-9 ? 0 : sum / count);
          }
        });
    return gains;
  }

  private Map<String, ShotQuality[]> measure(Prior prior) {
    Map<String, ShotQuality[]> measured = new TreeMap<>();
    TasteSolver solver = new TasteSolver(prior, likelihood);
    validation.forEach(
        (domain, users) -> measured.put(domain, ShotQuality.of(users, solver, prior, likelihood)));
    return measured;
  }
}
