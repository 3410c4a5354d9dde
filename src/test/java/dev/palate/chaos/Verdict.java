package dev.palate.chaos;

import java.util.Locale;

/**
 * What a run came to. All but the first must be zero.
 *
 * @param acknowledged labels
 * @param lost acknowledged, and not stored
 * @param doubled stored or counted more than once
 * @param neverSent stored, and sent by nobody
 * @param diverged users whose weights are not, bit for bit, what their labels lead to
 * @param unsolved users whose weights have not seen all their labels
 * @param jobsLeft in the scheduler's table
 * @param wentBack readings of weights that were older than one that had ended before they began
 */
record Verdict(
    int acknowledged,
    int lost,
    int doubled,
    int neverSent,
    int diverged,
    int unsolved,
    long jobsLeft,
    int wentBack) {

  boolean holds() {
    return lost + doubled + neverSent + diverged + unsolved + jobsLeft + wentBack == 0;
  }

  /** Whether a run has come to its end, well or not. */
  boolean isSettled() {
    return unsolved + jobsLeft == 0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "acknowledged %,d lost %d doubled %d never-sent %d diverged %d unsolved %d jobs-left %d went-back %d",
        acknowledged,
        lost,
        doubled,
        neverSent,
        diverged,
        unsolved,
        jobsLeft,
        wentBack);
  }
}
