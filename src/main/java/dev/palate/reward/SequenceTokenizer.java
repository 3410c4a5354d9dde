package dev.palate.reward;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Texts to {@link Sequence}s: {@code [CLS] text [SEP]} or {@code [CLS] prompt [SEP] response
 * [SEP]}. The native tokenizer never truncates; a sequence over the limit is cut here, by one rule:
 * a text keeps the first and the last half of what it may have. Of a pair the prompt is cut first,
 * but never below a quarter of the room, then the response. Thread-safe.
 */
final class SequenceTokenizer implements AutoCloseable {
  private static final int CHUNK = 256; // bounds what the native tokenizer holds at once

  private final HuggingFaceTokenizer tokenizer;
  private final int maxTokens;
  private final int cls;
  private final int sep;
  private final List<String> specialTokens;

  SequenceTokenizer(byte[] tokenizerJson, int maxTokens) {
    this.maxTokens = maxTokens;
    try {
      this.tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(tokenizerJson),
              Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokenizer", e);
    }
    long[] empty = tokenizer.encode("", true, false).getIds();
    if (empty.length != 2) {
      throw new BundleException(
          "The tokenizer does not frame a text with two special tokens as BERT's does.");
    }
    this.cls = (int) empty[0];
    this.sep = (int) empty[1];
    this.specialTokens = specialTokens(tokenizerJson);
  }

  /** Padded tokens of a text of so many characters, by a rule of thumb: four to a token. */
  int paddedTokens(int characters) {
    return TokenBatch.bucket(Math.min(maxTokens, characters / 4 + 3));
  }

  /** One sequence per text. */
  List<Sequence> single(List<String> texts) {
    return ids(texts).stream().map(this::single).toList();
  }

  /** One sequence per pair of prompt and response. */
  List<Sequence> pairs(List<String> prompts, List<String> responses) {
    List<int[]> promptIds = ids(prompts);
    List<int[]> responseIds = ids(responses);
    List<Sequence> sequences = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      sequences.add(pair(promptIds.get(i), responseIds.get(i)));
    }
    return sequences;
  }

  private Sequence single(int[] text) {
    int[] kept = headAndTail(text, maxTokens - 2);
    int[] ids = new int[kept.length + 2];
    ids[0] = cls;
    System.arraycopy(kept, 0, ids, 1, kept.length);
    ids[ids.length - 1] = sep;
    return new Sequence(ids, text.length + 2);
  }

  private Sequence pair(int[] prompt, int[] response) {
    int room = maxTokens - 3;
    int promptRoom = Math.max(room - response.length, room / 4);
    int[] first = headAndTail(prompt, promptRoom);
    int[] second = headAndTail(response, room - first.length);
    int[] ids = new int[first.length + second.length + 3];
    ids[0] = cls;
    System.arraycopy(first, 0, ids, 1, first.length);
    ids[first.length + 1] = sep;
    System.arraycopy(second, 0, ids, first.length + 2, second.length);
    ids[ids.length - 1] = sep;
    return new Sequence(ids, prompt.length + response.length + 3);
  }

  private static int[] headAndTail(int[] ids, int room) {
    if (ids.length <= room) {
      return ids;
    }
    int head = (room + 1) / 2;
    int tail = room - head;
    int[] kept = Arrays.copyOf(ids, room);
    System.arraycopy(ids, ids.length - tail, kept, head, tail);
    return kept;
  }

  private List<int[]> ids(List<String> texts) {
    List<int[]> ids = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += CHUNK) {
      List<String> chunk =
          texts.subList(from, Math.min(texts.size(), from + CHUNK)).stream()
              .map(text -> plain(wellFormed(text)))
              .toList();
      for (Encoding encoding : tokenizer.batchEncode(chunk, false, false)) {
        ids.add(Arrays.stream(encoding.getIds()).mapToInt(id -> (int) id).toArray());
      }
    }
    return ids;
  }

  private static List<String> specialTokens(byte[] tokenizerJson) {
    List<String> contents = new ArrayList<>();
    for (JsonNode token : new JsonMapper().readTree(tokenizerJson).path("added_tokens")) {
      String content = token.path("content").asString("");
      if (token.path("special").asBoolean(false) && content.length() > 1) {
        contents.add(content);
      }
    }
    return contents;
  }

  /**
   * A text that spells a special token, {@code [SEP]} say, means those characters and not the
   * token: a space after the first of them keeps the tokenizer from taking it for one.
   */
  private String plain(String text) {
    String plain = text;
    for (String token : specialTokens) {
      plain = plain.replace(token, token.charAt(0) + " " + token.substring(1));
    }
    return plain;
  }

  /** Lone surrogates, which have no UTF-8 form, become U+FFFD. */
  static String wellFormed(String text) {
    StringBuilder fixed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      fixed = fixed == null ? new StringBuilder(text) : fixed;
      fixed.setCharAt(i, '\uFFFD');
    }
    return fixed == null ? text : fixed.toString();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
