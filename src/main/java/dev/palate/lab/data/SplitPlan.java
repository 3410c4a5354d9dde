package dev.palate.lab.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which pair may be used for what.
 *
 * <ul>
 *   <li>The data's own word decides where there is one: {@code train*} may be trained on, {@code
 *       val*} and {@code dev*} are for validation, all else ({@code test}, {@code test-users}, a
 *       word not known) is never learned from.
 *   <li>Lines without a word: a test user and a test prompt are drawn by hash; a line of either is
 *       a test line.
 *   <li>A validation part is carved out of the train lines by a hash of the user. Where there is no
 *       user, or the word is plain {@code train} (which says that the data was split by prompt, so
 *       users are on both sides), by a hash of the prompt.
 *   <li>Where lines without a word are of so few users that none is drawn for validation, they are
 *       carved by a hash of the prompt.
 *   <li>A train or validation line that shares with a test line what its split keeps apart (the
 *       user, or the prompt) is dropped and counted.
 * </ul>
 *
 * @param splits one per pair, in their order; null: dropped because it would leak
 */
record SplitPlan(List<@Nullable Split> splits, int leaking) {

  static final double VALIDATION_SHARE = 0.15;
  static final double TEST_SHARE = 0.15;

  static SplitPlan of(List<PreferencePair> pairs) {
    HashIndex heldOut = new HashIndex();
    for (PreferencePair pair : pairs) {
      if (part(pair) == Split.TEST) {
        TextHash key = TextHash.of(keptApart(pair));
        if (!heldOut.contains(key)) {
          heldOut.add(key);
        }
      }
    }
    List<@Nullable Split> splits = new ArrayList<>(pairs.size());
    int leaking = 0;
    for (PreferencePair pair : pairs) {
      Split part = part(pair);
      boolean leaks =
          part != Split.TEST
              && pair.split() != null
              && heldOut.contains(TextHash.of(keptApart(pair)));
      splits.add(leaks ? null : part);
      leaking += leaks ? 1 : 0;
    }
    if (!splits.contains(Split.VALIDATION)) {
      carveByPrompt(pairs, splits);
    }
    return new SplitPlan(splits, leaking);
  }

  /** A validation part of the train lines that have no word. */
  private static void carveByPrompt(List<PreferencePair> pairs, List<@Nullable Split> splits) {
    for (int i = 0; i < splits.size(); i++) {
      PreferencePair pair = pairs.get(i);
      if (splits.get(i) == Split.TRAIN
          && pair.split() == null
          && drawn("validation", promptKey(pair), VALIDATION_SHARE)) {
        splits.set(i, Split.VALIDATION);
      }
    }
  }

  private static Split part(PreferencePair pair) {
    String word = pair.split();
    if (word == null) {
      boolean test = isTestUser(pair) || drawn("test", promptKey(pair), TEST_SHARE);
      return test ? Split.TEST : carved(pair);
    }
    String lower = word.toLowerCase(Locale.ROOT);
    if (lower.startsWith("train")) {
      return carved(pair);
    }
    return lower.startsWith("val") || lower.startsWith("dev") ? Split.VALIDATION : Split.TEST;
  }

  private static boolean isTestUser(PreferencePair pair) {
    String user = pair.userKey();
    return user != null && drawn("test", user, TEST_SHARE);
  }

  private static Split carved(PreferencePair pair) {
    return drawn("validation", keptApart(pair), VALIDATION_SHARE) ? Split.VALIDATION : Split.TRAIN;
  }

  /** What must not be on both sides: the user, or the prompt where the data was split by prompt. */
  static String keptApart(PreferencePair pair) {
    String user = pair.userKey();
    String word = pair.split();
    boolean byPrompt = word != null && !word.toLowerCase(Locale.ROOT).endsWith("users");
    return user == null || byPrompt ? promptKey(pair) : user;
  }

  private static String promptKey(PreferencePair pair) {
    return pair.dataset() + "\0" + pair.prompt().text();
  }

  /** The same key falls on the same side on every machine and in every run. */
  private static boolean drawn(String purpose, String key, double share) {
    CRC32C crc = new CRC32C();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    // CRC is linear: without the mixing, the draws of two purposes would depend on each other
    long mixed = (crc.getValue() + purpose.hashCode()) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed ^= mixed >>> 32;
    return (mixed >>> 11) * 0x1.0p-53 < share;
  }
}
