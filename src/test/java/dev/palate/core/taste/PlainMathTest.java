package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Against exact arithmetic, in units in the last place of the exact result. */
class PlainMathTest {

  private static final double BOUND = 2;
  private static final MathContext DIGITS = new MathContext(45);
  private static final BigDecimal LN2 =
      new BigDecimal("0.693147180559945309417232121458176568075500134360255254120680009");

  @Property(tries = 1000)
  void expIsWithinItsBound(@ForAll @DoubleRange(min = -700, max = 0) double x) {
    assertThat(error(PlainMath.exp(x), exactExp(x))).isLessThan(BOUND);
  }

  @Property(tries = 1000)
  void expNearZeroIsWithinItsBound(@ForAll @DoubleRange(min = -3, max = 0) double x) {
    assertThat(error(PlainMath.exp(x), exactExp(x))).isLessThan(BOUND);
  }

  @Property(tries = 1000)
  void log1pIsWithinItsBound(@ForAll @DoubleRange(min = 0, max = 1) double x) {
    assertThat(error(PlainMath.log1p(x), exactLog(BigDecimal.ONE.add(new BigDecimal(x)))))
        .isLessThan(BOUND);
  }

  @Property(tries = 1000)
  void log1pOfLittleIsWithinItsBound(@ForAll @DoubleRange(min = -12, max = 0) double power) {
    double x = StrictMath.pow(10, power);
    assertThat(error(PlainMath.log1p(x), exactLog(BigDecimal.ONE.add(new BigDecimal(x)))))
        .isLessThan(BOUND);
  }

  @Property(tries = 1000)
  void logIsWithinItsBound(@ForAll @DoubleRange(min = -12, max = 0) double power) {
    double x = StrictMath.pow(10, power);
    assertThat(error(PlainMath.log(x), exactLog(new BigDecimal(x)))).isLessThan(BOUND);
  }

  @Test
  void aMillionPointsAgreeWithStrictMath() {
    SplittableRandom random = new SplittableRandom(1);
    double worst = 0;
    for (int i = 0; i < 1_000_000; i++) {
      double u = random.nextDouble();
      double x = -u * 700;
      worst = Math.max(worst, apart(PlainMath.exp(x), StrictMath.exp(x)));
      worst = Math.max(worst, apart(PlainMath.exp(-u), StrictMath.exp(-u)));
      worst = Math.max(worst, apart(PlainMath.log1p(u), StrictMath.log1p(u)));
      worst = Math.max(worst, apart(PlainMath.log(u), StrictMath.log(u)));
    }
    // Both sides may be off by their own bound
    assertThat(worst).isLessThanOrEqualTo(BOUND + 1);
  }

  @Test
  void theEndsAreExact() {
    assertThat(PlainMath.exp(0)).isEqualTo(1);
    assertThat(PlainMath.exp(-0.0)).isEqualTo(1);
    assertThat(PlainMath.exp(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(PlainMath.log1p(0)).isZero();
    assertThat(PlainMath.log(1)).isZero();
    assertThat(PlainMath.log(0.25)).isEqualTo(-2 * StrictMath.log(2));
  }

  @Test
  void whatIsNoNumberStaysNone() {
    assertThat(PlainMath.exp(Double.NaN)).isNaN();
  }

  @Test
  void expFadesThroughSubnormalNumbersToZero() {
    double before = PlainMath.exp(-700);
    for (double x = -700; x > -760; x -= 0.25) {
      double now = PlainMath.exp(x);
      assertThat(now).isBetween(0.0, before);
      before = now;
    }
    assertThat(PlainMath.exp(-745) / StrictMath.exp(-745)).isBetween(0.5, 2.0);
    assertThat(before).isZero();
  }

  private static double apart(double a, double b) {
    return Math.abs(a - b) / Math.ulp(b);
  }

  private static double error(double found, BigDecimal exact) {
    BigDecimal ulp = new BigDecimal(Math.ulp(exact.doubleValue()));
    return new BigDecimal(found).subtract(exact).abs().divide(ulp, DIGITS).doubleValue();
  }

  /** Taylor's series of x / 2^12, squared twelve times. */
  private static BigDecimal exactExp(double x) {
    MathContext digits = new MathContext(60);
    BigDecimal small = new BigDecimal(x).divide(new BigDecimal(4096), digits);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; i < 40; i++) {
      term = term.multiply(small, digits).divide(new BigDecimal(i), digits);
      sum = sum.add(term, digits);
    }
    return sum.pow(4096, digits);
  }

  /** 2 artanh((m-1)/(m+1)) + e ln 2, for x = m 2^e. */
  private static BigDecimal exactLog(BigDecimal x) {
    int exponent = Math.getExponent(x.doubleValue());
    BigDecimal mantissa = x.multiply(BigDecimal.TWO.pow(-exponent, DIGITS), DIGITS);
    if (mantissa.doubleValue() > 1.4) {
      mantissa = mantissa.divide(BigDecimal.TWO, DIGITS);
      exponent++;
    }
    BigDecimal ratio =
        mantissa.subtract(BigDecimal.ONE).divide(mantissa.add(BigDecimal.ONE), DIGITS);
    BigDecimal square = ratio.multiply(ratio, DIGITS);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal power = ratio;
    for (int i = 1; i < 80; i += 2) {
      sum = sum.add(power.divide(new BigDecimal(i), DIGITS), DIGITS);
      power = power.multiply(square, DIGITS);
    }
    return sum.multiply(BigDecimal.TWO).add(LN2.multiply(new BigDecimal(exponent)), DIGITS);
  }
}
