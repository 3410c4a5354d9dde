package dev.palate.lab.data;

import java.util.Arrays;

/**
 * Numbers hashes 0, 1, 2 ... in order of arrival. Open addressing over plain arrays: 30 bytes a
 * hash or less once there are many, where a {@code HashMap} of objects takes some 100.
 */
public final class HashIndex {

  private static final int EMPTY = -1;

  private long[] high = new long[16];
  private long[] low = new long[16];
  private int[] slots = newSlots(32);
  private int size;

  public int size() {
    return size;
  }

  public boolean contains(TextHash hash) {
    return find(hash) >= 0;
  }

  /** The number of a hash; negative: it was never added. */
  public int find(TextHash hash) {
    return slots[slot(hash.high(), hash.low())];
  }

  /** Gives a hash the next number; one that is there already keeps answering its first. */
  public int add(TextHash hash) {
    if (size == high.length) {
      int longer = size + (size >> 1);
      high = Arrays.copyOf(high, longer);
      low = Arrays.copyOf(low, longer);
    }
    if (size >= slots.length / 4 * 3) {
      grow();
    }
    high[size] = hash.high();
    low[size] = hash.low();
    int slot = slot(hash.high(), hash.low());
    if (slots[slot] == EMPTY) {
      slots[slot] = size;
    }
    return size++;
  }

  /** Where the hash is, or where it would be put. */
  private int slot(long wantedHigh, long wantedLow) {
    int mask = slots.length - 1;
    // Multiplied, so that keys that are no hashes at all spread too
    int slot = (int) ((wantedHigh * 0x9E3779B97F4A7C15L ^ wantedLow) >>> 33) & mask;
    while (slots[slot] != EMPTY
        && (high[slots[slot]] != wantedHigh || low[slots[slot]] != wantedLow)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    slots = newSlots(2 * slots.length);
    for (int i = 0; i < size; i++) {
      int slot = slot(high[i], low[i]);
      if (slots[slot] == EMPTY) {
        slots[slot] = i;
      }
    }
  }

  private static int[] newSlots(int n) {
    int[] slots = new int[n];
    Arrays.fill(slots, EMPTY);
    return slots;
  }
}
