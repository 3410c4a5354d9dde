package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {

  @Test
  void meanAndDeviationAreThoseOfASample() {
    Spread spread = Spread.of(1, 2, 6);
    assertThat(spread.mean()).isEqualTo(3);
    assertThat(spread.deviation()).isCloseTo(Math.sqrt(7), within(1e-12));
    assertThat(Spread.of(4).deviation()).isZero();
  }

  @Test
  void aTableHasAColumnForEveryFigureAndAGapWhereARowHasNone() {
    Results.Gathering gathering = new Results.Gathering();
    gathering.add("first", Map.of("accuracy", 0.5));
    gathering.add("second", Map.of("accuracy", 0.7));
    gathering.add("second", Map.of("accuracy", 0.8));
    gathering.add("third", Map.of("NMI", -0.0001));
    Results results = new Results("some", "Title", "About.", gathering.rows());
    assertThat(results.markdown())
        .isEqualTo(
            """
            ## Title

            About.

            | | accuracy | NMI |
            |---|---:|---:|
            | first | 0.500 |  |
            | second | 0.750 ± 0.071 |  |
            | third |  | 0.000 |
            """);
  }

  @Test
  void aFigureThatIsNotThereIsNamed() {
    Results results = new Results("some", "Title", "About.", List.of());
    assertThatThrownBy(() -> results.figure("ours", "NMI")).hasMessage("no 'NMI' of 'ours'");
  }
}
