package dev.palate.lab.train;

import dev.palate.lab.data.PreferencePair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The training users' shifts d_u, learned beside the head (MODEL.md, the prior over users): what
 * moves one user against another teaches the experts the directions in which users differ. They are
 * not kept; the prior is learned afresh from the finished head's margins.
 *
 * <p>Each user's shift takes AdaGrad steps of its own (Duchi, Hazan and Singer, 2011), since a user
 * is in few batches.
 */
final class UserShifts {

  private static final double EPSILON = 1e-3;

  private final int experts;
  private final int[] user;
  private final float[] share;
  private final float[][] shifts;
  private final float[][] squares;

  /**
   * @param pairs the training pairs; those without a user have no shift
   */
  UserShifts(List<PreferencePair> pairs, int experts) {
    this.experts = experts;
    this.user = new int[pairs.size()];
    Map<String, Integer> index = new HashMap<>();
    Map<Integer, Integer> labels = new HashMap<>();
    for (int i = 0; i < user.length; i++) {
      String key = pairs.get(i).userKey();
      user[i] = key == null ? -1 : index.computeIfAbsent(key, k -> index.size());
      labels.merge(user[i], 1, Integer::sum);
    }
    this.share = new float[user.length];
    for (int i = 0; i < user.length; i++) {
      share[i] = user[i] < 0 ? 0 : 1f / labels.getOrDefault(user[i], 1);
    }
    this.shifts = new float[index.size()][experts];
    this.squares = new float[index.size()][experts];
  }

  /**
   * Copies the shifts of these pairs' users to {@code float[n*k]}, and the share of its user's
   * labels that each pair is to {@code float[n]}; both zero where there is no user.
   */
  void gather(int[] pairs, float[] shiftRows, float[] shares) {
    for (int i = 0; i < pairs.length; i++) {
      int u = user[pairs[i]];
      shares[i] = share[pairs[i]];
      for (int k = 0; k < experts; k++) {
        shiftRows[i * experts + k] = u < 0 ? 0 : shifts[u][k];
      }
    }
  }

  /** All that later steps depend on: the shifts, then the sums of their squared gradients. */
  float[][] state() {
    float[][] state = new float[2 * shifts.length][];
    for (int u = 0; u < shifts.length; u++) {
      state[u] = shifts[u].clone();
      state[shifts.length + u] = squares[u].clone();
    }
    return state;
  }

  /** Goes on from a {@link #state}. */
  void restore(float[][] state) {
    if (state.length != 2 * shifts.length) {
      throw new IllegalArgumentException("'state' is of other users");
    }
    for (int u = 0; u < shifts.length; u++) {
      shifts[u] = state[u].clone();
      squares[u] = state[shifts.length + u].clone();
    }
  }

  /**
   * Moves the shifts of these pairs' users against the gradient.
   *
   * @param gradients {@code float[n*k]}, of the batch's mean loss
   */
  void step(int[] pairs, float[] gradients, double rate) {
    Map<Integer, float[]> sums = new TreeMap<>();
    for (int i = 0; i < pairs.length; i++) {
      if (user[pairs[i]] >= 0) {
        float[] sum = sums.computeIfAbsent(user[pairs[i]], u -> new float[experts]);
        for (int k = 0; k < experts; k++) {
          sum[k] += gradients[i * experts + k] * pairs.length;
        }
      }
    }
    sums.forEach((u, sum) -> {
      for (int k = 0; k < experts; k++) {
        squares[u][k] += sum[k] * sum[k];
        shifts[u][k] -= (float) (rate * sum[k] / (Math.sqrt(squares[u][k]) + EPSILON));
      }
    });
  }
}
