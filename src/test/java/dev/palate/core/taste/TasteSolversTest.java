package dev.palate.core.taste;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TasteSolversTest {

  @Test
  void manyThreadsGetWhatOneSolverGives() {
    Random random = new Random(5);
    Prior prior = Cases.prior(9, random, 1);
    Likelihood likelihood = new Likelihood(1, 0.02, 2);
    List<List<LabelMargin>> users =
        IntStream.range(0, 200).mapToObj(i -> Cases.labels(i % 25, 9, random, 1)).toList();
    TasteSolvers solvers = new TasteSolvers(prior, likelihood, 1);
    List<Taste> together = users.parallelStream().map(solvers::solve).toList();
    for (int i = 0; i < users.size(); i++) {
      TasteSolverTest.assertSameBits(
          together.get(i), TasteSolver.solve(prior, likelihood, users.get(i)));
    }
  }
}
