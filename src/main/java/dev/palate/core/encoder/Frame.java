package dev.palate.core.encoder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.palate.core.bundle.BundleException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The special tokens that a tokenizer puts around a text, or around two: {@code [CLS] text [SEP]}
 * for BERT, {@code <s> text </s></s> text </s>} for RoBERTa, one at an end or none for others. They
 * are asked for once, of the tokenizer itself.
 *
 * @param between empty for a lone text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(int[] before, int[] between, int[] after) {
  private static final String FIRST = "a text";
  private static final String SECOND = "or another one";
  private static final int[] NONE = {};

  /** Of a lone text. */
  static Frame single(HuggingFaceTokenizer tokenizer) {
    return of(tokenizer.encode(FIRST, true, false), List.of(plain(tokenizer, FIRST)));
  }

  /** Of a prompt and a response. */
  static Frame pair(HuggingFaceTokenizer tokenizer) {
    return of(
        tokenizer.encode(FIRST, SECOND, true, false),
        List.of(plain(tokenizer, FIRST), plain(tokenizer, SECOND)));
  }

  private static int[] plain(HuggingFaceTokenizer tokenizer, String text) {
    int[] ids = ids(tokenizer.encode(text, false, false));
    if (ids.length == 0) {
      throw new BundleException(
          "The tokenizer finds no token in '%s'. Use one that reads any text.".formatted(text));
    }
    return ids;
  }

  private static Frame of(Encoding framed, List<int[]> texts) {
    int[] ids = ids(framed);
    long[] special = framed.getSpecialTokenMask();
    List<int[]> runs = new ArrayList<>();
    int at = 0;
    for (int[] text : texts) {
      int[] run = special(ids, special, at);
      runs.add(run);
      int from = at + run.length;
      at = from + text.length;
      if (at > ids.length || !Arrays.equals(text, Arrays.copyOfRange(ids, from, at))) {
        throw notAround(texts.size());
      }
    }
    int[] last = special(ids, special, at);
    if (at + last.length != ids.length) {
      throw notAround(texts.size());
    }
    return new Frame(runs.getFirst(), runs.size() == 1 ? NONE : runs.getLast(), last);
  }

  private static BundleException notAround(int texts) {
    return new BundleException(
        "The tokenizer's post-processor does more to %s than to put special tokens around %s, in their order."
                .formatted(texts == 1 ? "a text" : "a pair", texts == 1 ? "it" : "its texts")
            + " Change \"post_processor\" in tokenizer.json to a TemplateProcessing that does no more.");
  }

  /** The run of special tokens that begins there. */
  private static int[] special(int[] ids, long[] special, int from) {
    int to = from;
    while (to < ids.length && special[to] == 1) {
      to++;
    }
    return Arrays.copyOfRange(ids, from, to);
  }

  /** How many tokens they are. */
  int size() {
    return before.length + between.length + after.length;
  }

  /**
   * @param second empty for a lone text
   * @return {@code int[size + first + second]}
   */
  int[] around(int[] first, int[] second) {
    return Stream.of(before, first, between, second, after).flatMapToInt(Arrays::stream).toArray();
  }

  static int[] ids(Encoding encoding) {
    return Arrays.stream(encoding.getIds()).mapToInt(id -> (int) id).toArray();
  }
}
