package dev.palate.core.taste;

/**
 * The version of the solver: raised when the same labels and bundle lead to other weights, or when
 * there is a new kind of label. Weights of an older version are solved again. The constants are
 * compiled into the classes that use them, so the room's door does not list this class.
 */
public final class SolverVersion {

  /** Weights that were stored without a version, by releases before this class. */
  public static final int FIRST = 1;

  /** This code's: a mixture over the user's own scale, significance by the step-down rule, ties. */
  public static final int CURRENT = 2;

  private SolverVersion() {}
}
