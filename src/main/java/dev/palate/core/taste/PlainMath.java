package dev.palate.core.taste;

/**
 * exp and log in nothing but IEEE 754 additions and multiplications, which every machine, compiler
 * and interpreter rounds alike: two instances that solve one user agree to the bit. {@code
 * StrictMath} promises the same at two to four times the time; {@code Math} does not promise it.
 *
 * <p>Both reduce their argument by a table to a short polynomial: exp by 2^(i/64), log by 1 + i/64.
 * Each result lies within 2 units in the last place of the exact one, except exp below 1e-307,
 * which loses what subnormal numbers lose.
 */
final class PlainMath {

  /** Adding it rounds a double below 2^51 to an integer, which stands in the sum's lowest bits. */
  private static final double ROUND = 0x1.8p52;

  private static final int EXP_BITS = 6;
  private static final int EXP_ENTRIES = 1 << EXP_BITS;

  /** 64 / ln 2, and ln 2 / 64 in two parts of which the first has zeros to spare for a product. */
  private static final double PER_LN2 = EXP_ENTRIES / 0.6931471805599453;

  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  private static final double[] POWERS = new double[EXP_ENTRIES];

  private static final int LOG_ENTRIES = 64;

  /** The least i of 1 + i/64 in the tables, at 1/sqrt(2) less a half step. */
  private static final int LOG_FROM = -20;

  private static final double[] LOGS = new double[LOG_ENTRIES - LOG_FROM + 1];
  private static final double[] RECIPROCALS = new double[LOGS.length];

  private static final long HALF_SQRT_BITS = Double.doubleToRawLongBits(0.7071067811865476);

  static {
    for (int i = 0; i < EXP_ENTRIES; i++) {
      POWERS[i] = StrictMath.pow(2, i / (double) EXP_ENTRIES);
    }
    for (int i = LOG_FROM; i <= LOG_ENTRIES; i++) {
      double at = 1 + i / (double) LOG_ENTRIES;
      LOGS[i - LOG_FROM] = StrictMath.log(at);
      RECIPROCALS[i - LOG_FROM] = 1 / at;
    }
  }

  private PlainMath() {}

  /** e^x for x in [-infinity, 0]. */
  static double exp(double x) {
    if (!(x > -708)) {
      return expTiny(x);
    }
    double rounded = x * PER_LN2 + ROUND;
    long entry = Double.doubleToRawLongBits(rounded);
    double steps = rounded - ROUND;
    double r = (x - steps * (LN2_HIGH / EXP_ENTRIES)) - steps * (LN2_LOW / EXP_ENTRIES);
    double square = r * r;
    double grown = r + square * ((0.5 + r * (1 / 6.0)) + square * (1 / 24.0 + r * (1 / 120.0)));
    double power = POWERS[(int) entry & (EXP_ENTRIES - 1)];
    // The power of two goes straight into the exponent; entry's upper bits shift out
    long exponent = (entry >> EXP_BITS) << 52;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(power + power * grown) + exponent);
  }

  private static double expTiny(double x) {
    if (Double.isNaN(x) || x < -746) {
      return Double.isNaN(x) ? x : 0;
    }
    double root = exp(x / 2);
    return root * root;
  }

  /** log(1 + x) for x in [0, 1]. */
  static double log1p(double x) {
    return logNearOne(x);
  }

  /** log x for a normal x > 0. */
  static double log(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long exponent = (bits - HALF_SQRT_BITS) >> 52;
    double mantissa = Double.longBitsToDouble(bits - (exponent << 52));
    double log = logNearOne(mantissa - 1);
    // Together first what is small, so that the large product rounds last
    return exponent * LN2_HIGH + (log + exponent * LN2_LOW);
  }

  /** log(1 + x) for x in [1/sqrt(2) - 1, 1]. */
  private static double logNearOne(double x) {
    double rounded = x * LOG_ENTRIES + ROUND;
    int entry = (int) Double.doubleToRawLongBits(rounded) - LOG_FROM;
    double rest = x - (rounded - ROUND) * (1.0 / LOG_ENTRIES);
    double r = rest * RECIPROCALS[entry];
    double square = r * r;
    double fourth = square * square;
    double bent =
        ((-1 / 2.0 + r * (1 / 3.0)) + square * (-1 / 4.0 + r * (1 / 5.0)))
            + fourth * ((-1 / 6.0 + r * (1 / 7.0)) + square * (-1 / 8.0 + r * (1 / 9.0)));
    return LOGS[entry] + (r + square * bent);
  }
}
