package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One user from labels to weights, by the solver and by what others use, on the same labels. Each
 * call takes the next of eight users, so that no branch predictor learns one user by heart; the
 * solver is kept from user to user, as the adaptation job keeps it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SolverBenchmark {

  private static final int USERS = 8;
  private static final double GRADIENT = 1e-6;

  /** K experts x labels. */
  @Param({"16x20", "32x5", "32x20", "64x200"})
  public String size = "16x20";

  private Prior prior = Prior.isotropic(1, 1);
  private Likelihood likelihood = new Likelihood(1, 0, 1);
  private final List<List<LabelMargin>> users = new ArrayList<>();
  private final List<double[]> centers = new ArrayList<>();
  private TasteSolver solver = new TasteSolver(prior, likelihood);
  private int next;

  @Setup
  public void makeUsers() {
    int k = Integer.parseInt(size.substring(0, size.indexOf('x')));
    int n = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    Random random = new Random(17);
    prior = new Prior(new double[k], Cases.prior(k, random, 0.1 / k).covariance());
    // As the demo bundle has them
    likelihood = new Likelihood(1.04, 0.01, 2);
    for (int user = 0; user < USERS; user++) {
      List<LabelMargin> labels = labelsOfOneWithTaste(n, k, random);
      users.add(labels);
      centers.add(meanRouting(labels, k));
    }
    solver = new TasteSolver(prior, likelihood);
  }

  @Benchmark
  public Taste palate() {
    return solver.solve(users.get(turn()));
  }

  @Benchmark
  public Taste palateWithNullBand() {
    return solver.solveWithNullBand(users.get(turn()));
  }

  @Benchmark
  public double[] lbfgs() {
    return Lbfgs.minimize(written(turn()), prior.mean(), GRADIENT);
  }

  @Benchmark
  public double[] adam() {
    return Adam.minimize(written(turn()), prior.mean());
  }

  @Benchmark
  public double[] adamOnSimplex() {
    int user = turn();
    return Adam.minimizeOnSimplex(written(user), centers.get(user));
  }

  /** Mean objective over the users at what one of the benchmarks above finds. */
  public double objective(String method) {
    double sum = 0;
    for (next = 0; next < USERS; ) {
      int user = next;
      double[] shift =
          switch (method) {
            case "palate" -> palate().shift();
            case "lbfgs" -> lbfgs();
            case "adam" -> adam();
            case "adamOnSimplex" -> adamOnSimplex();
            default -> throw new IllegalArgumentException(method);
          };
      sum += written(user).at(shift, new double[shift.length]);
      next = user + 1;
    }
    return sum / USERS;
  }

  private WrittenObjective written(int user) {
    return new WrittenObjective(prior, likelihood, users.get(user));
  }

  private int turn() {
    int user = next;
    next = (next + 1) % USERS;
    return user;
  }

  /** Labels that follow a shift drawn from something like the prior, one in ten at random. */
  private static List<LabelMargin> labelsOfOneWithTaste(int n, int k, Random random) {
    double[] taste = random.doubles(k, -0.5, 0.5).toArray();
    double[] full = new double[k];
    Arrays.fill(full, 1);
    List<LabelMargin> labels = new ArrayList<>();
    for (LabelMargin label : Cases.labels(n, k, random, 1)) {
      boolean asPreferred = random.nextInt(10) > 0;
      labels.add(
          label.margin(taste, full, 2) > 0 == asPreferred ? label : TasteSolverTest.flipped(label));
    }
    return labels;
  }

  private static double[] meanRouting(List<LabelMargin> labels, int k) {
    double[] mean = new double[k];
    Arrays.fill(mean, 1e-3 / k);
    for (LabelMargin label : labels) {
      double[] routing = RoutingWeights.sparsify(label.routing(), 2);
      for (int j = 0; j < k; j++) {
        mean[j] += (1 - 1e-3) * routing[j] / labels.size();
      }
    }
    return mean;
  }
}
