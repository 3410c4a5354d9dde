package dev.palate.core.encoder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.traits.PromptTurns;
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
 * Texts to {@link Sequence}s, a text or a prompt and its response in the tokenizer's {@link Frame}.
 * The native tokenizer never truncates; a sequence over the limit is cut here, by one rule: a text
 * keeps the first and the last half of what it may have. Of a pair the prompt is cut first, but
 * never below a quarter of the room, then the response. Where prompts are read by their turns
 * ({@link PromptTurns}), the last user turn comes first and is cut last, and of the turns before it
 * the latest tokens are kept. Where there is nothing to read, no text and no frame, the sequence is
 * one padding token: the encoder cannot read none. Thread-safe.
 */
public final class SequenceTokenizer implements AutoCloseable {
  private static final int CHUNK = 256; // bounds what the native tokenizer holds at once
  private static final int LEAST_OF_TEXTS = 4; // a quarter of it is the prompt's
  private static final List<String> PADDING = List.of("[PAD]", "<pad>", "<|pad|>");

  private final HuggingFaceTokenizer tokenizer;
  private final int maxTokens;
  private final int maxPromptTokens;
  private final boolean byTurns;
  private final Frame single;
  private final Frame pair;
  private final int padding;
  private final List<String> specialTokens;

  /**
   * @param tokenizerJson {@code tokenizer.json} of Hugging Face tokenizers
   * @throws BundleException where it is none, or frames texts in a way that is not known here
   */
  public SequenceTokenizer(byte[] tokenizerJson, int maxTokens) {
    this(tokenizerJson, maxTokens, maxTokens, false);
  }

  /** As a bundle's encoder reads texts. */
  public static SequenceTokenizer of(EncoderSpec encoder, byte[] tokenizerJson) {
    return new SequenceTokenizer(
        tokenizerJson, encoder.maxTokens(), encoder.maxPromptTokens(), encoder.readsInteraction());
  }

  /**
   * @param maxPromptTokens limit of a prompt that is read alone
   * @param byTurns whether its last user turn is read first
   */
  private SequenceTokenizer(
      byte[] tokenizerJson, int maxTokens, int maxPromptTokens, boolean byTurns) {
    this.maxTokens = maxTokens;
    this.maxPromptTokens = maxPromptTokens;
    this.byTurns = byTurns;
    this.tokenizer = open(tokenizerJson);
    try {
      this.single = Frame.single(tokenizer);
      this.pair = Frame.pair(tokenizer);
      requireRoom(Math.max(single.size(), pair.size()));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    JsonNode json = new JsonMapper().readTree(tokenizerJson);
    this.padding = padding(json);
    this.specialTokens = specialTokens(json);
  }

  private static HuggingFaceTokenizer open(byte[] tokenizerJson) {
    try {
      return HuggingFaceTokenizer.newInstance(
          new ByteArrayInputStream(tokenizerJson),
          Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokenizer", e);
    } catch (RuntimeException e) {
      throw new BundleException(
          "tokenizer.json is none that Hugging Face tokenizers can read: " + e.getMessage(), e);
    }
  }

  private void requireRoom(int special) {
    int least = special + LEAST_OF_TEXTS;
    if (Math.min(maxTokens, maxPromptTokens) < least) {
      throw new BundleException(
          "The tokenizer adds up to %d special tokens, so that a sequence must be of at least %d, not %d. Raise --max-tokens."
              .formatted(special, least, Math.min(maxTokens, maxPromptTokens)));
    }
  }

  /** What the encoder is to be given behind a sequence's end. */
  public int padding() {
    return padding;
  }

  /** Padded tokens of a text of so many characters, by a rule of thumb: four to a token. */
  public int paddedTokens(int characters) {
    return TokenBatch.bucket(Math.clamp(characters / 4 + pair.size(), 1, maxTokens));
  }

  /** As {@link #paddedTokens}, of a prompt that is read alone. */
  public int paddedPromptTokens(int characters) {
    return TokenBatch.bucket(Math.clamp(characters / 4 + pair.size(), 1, maxPromptTokens));
  }

  /** Where a text's own tokens begin in its sequence, behind the special ones. */
  public int firstToken() {
    return single.before().length;
  }

  /** How many of a lone text's tokens its sequence holds, special ones left out. */
  public int textTokens(Sequence sequence) {
    boolean nothing = single.size() == 0 && sequence.equals(nothing());
    return nothing ? 0 : sequence.length() - single.size();
  }

  /** One sequence per prompt that is read alone. */
  public List<Sequence> prompts(List<String> prompts) {
    if (!byTurns) {
      return ids(prompts).stream().map(ids -> single(ids, maxPromptTokens)).toList();
    }
    List<String> parts = new ArrayList<>(2 * prompts.size());
    for (String prompt : prompts) {
      PromptTurns turns = PromptTurns.of(prompt);
      parts.add(turns.last());
      parts.add(turns.before());
    }
    List<int[]> ids = ids(parts);
    List<Sequence> sequences = new ArrayList<>(prompts.size());
    for (int i = 0; i < ids.size(); i += 2) {
      sequences.add(turns(ids.get(i), ids.get(i + 1)));
    }
    return sequences;
  }

  private Sequence turns(int[] last, int[] before) {
    int room = maxPromptTokens - single.size();
    int[] first = headAndTail(last, room);
    int kept = Math.min(before.length, room - first.length);
    int[] second = Arrays.copyOfRange(before, before.length - kept, before.length);
    int[] text = Arrays.copyOf(first, first.length + kept);
    System.arraycopy(second, 0, text, first.length, kept);
    return sequence(single.around(text, new int[0]), last.length + before.length + single.size());
  }

  /** One sequence per text. */
  public List<Sequence> single(List<String> texts) {
    return ids(texts).stream().map(ids -> single(ids, maxTokens)).toList();
  }

  /** One sequence per pair of prompt and response. */
  public List<Sequence> pairs(List<String> prompts, List<String> responses) {
    List<int[]> promptIds = ids(prompts);
    List<int[]> responseIds = ids(responses);
    List<Sequence> sequences = new ArrayList<>(prompts.size());
    for (int i = 0; i < prompts.size(); i++) {
      sequences.add(pair(promptIds.get(i), responseIds.get(i)));
    }
    return sequences;
  }

  private Sequence single(int[] text, int most) {
    int[] kept = headAndTail(text, most - single.size());
    return sequence(single.around(kept, new int[0]), text.length + single.size());
  }

  private Sequence pair(int[] prompt, int[] response) {
    int room = maxTokens - pair.size();
    int promptRoom = Math.max(room - response.length, room / 4);
    int[] first = headAndTail(prompt, promptRoom);
    int[] second = headAndTail(response, room - first.length);
    return sequence(pair.around(first, second), prompt.length + response.length + pair.size());
  }

  private Sequence sequence(int[] ids, int tokens) {
    return ids.length == 0 ? nothing() : new Sequence(ids, tokens);
  }

  private Sequence nothing() {
    return new Sequence(new int[] {padding}, 1);
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
        ids.add(Frame.ids(encoding));
      }
    }
    return ids;
  }

  /** What the file pads with, or else the token that is called so, or else 0. */
  private static int padding(JsonNode json) {
    JsonNode named = json.path("padding").path("pad_id");
    if (named.isInt()) {
      return named.asInt();
    }
    for (JsonNode token : json.path("added_tokens")) {
      if (PADDING.contains(token.path("content").asString(""))) {
        return token.path("id").asInt(0);
      }
    }
    return 0;
  }

  private static List<String> specialTokens(JsonNode json) {
    List<String> contents = new ArrayList<>();
    for (JsonNode token : json.path("added_tokens")) {
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
  public static String wellFormed(String text) {
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
