package dev.palate.training;

import dev.palate.reward.EmbeddingModel;
import dev.palate.reward.EncoderSpec.ResponseInput;
import dev.palate.reward.Prompt;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Embeds every text of the data once. What the store holds already is not computed again; what is
 * computed is written chunk by chunk, so that a killed run goes on where it was.
 */
final class PairEncoder {

  /** Texts between two writes: a few seconds of work. */
  private static final int CHUNK = 2048;

  private final EncodingStore store;
  private final ResponseInput responseInput;
  private final Map<EncodingStore.Key, Sequence> missing = new LinkedHashMap<>();

  /** A prompt (response null), or a response with its prompt. */
  private record Sequence(Prompt prompt, @Nullable String response) {
    int length() {
      return prompt.text().length() + (response == null ? 0 : response.length());
    }
  }

  PairEncoder(EncodingStore store, ResponseInput responseInput) {
    this.store = store;
    this.responseInput = responseInput;
  }

  /** Notes the texts of the pairs that are not in the store. */
  PairEncoder add(List<PreferencePair> pairs) {
    for (PreferencePair pair : pairs) {
      note(pair.prompt(), null);
      note(pair.prompt(), pair.chosen());
      note(pair.prompt(), pair.rejected());
    }
    return this;
  }

  /** How many texts {@link #encode} will embed. */
  int missing() {
    return missing.size();
  }

  private void note(Prompt prompt, @Nullable String response) {
    EncodingStore.Key key = key(prompt, response);
    if (!store.contains(key)) {
      missing.putIfAbsent(key, new Sequence(prompt, response));
    }
  }

  /**
   * Embeds what is missing.
   *
   * @param done told how many texts were embedded
   */
  void encode(EmbeddingModel model, IntConsumer done) throws IOException {
    List<Map.Entry<EncodingStore.Key, Sequence>> todo = new ArrayList<>(missing.entrySet());
    // Texts of like length share a chunk, and so a batch: little is padded
    todo.sort(Comparator.comparingInt(entry -> entry.getValue().length()));
    for (int from = 0; from < todo.size(); from += CHUNK) {
      var chunk = todo.subList(from, Math.min(todo.size(), from + CHUNK));
      var prompts = chunk.stream().filter(entry -> entry.getValue().response() == null).toList();
      var responses = chunk.stream().filter(entry -> entry.getValue().response() != null).toList();
      if (!prompts.isEmpty()) {
        List<String> texts = prompts.stream().map(e -> e.getValue().prompt().text()).toList();
        append(prompts, model.embed(texts, done));
      }
      if (!responses.isEmpty()) {
        List<Prompt> of = responses.stream().map(entry -> entry.getValue().prompt()).toList();
        List<String> texts = new ArrayList<>();
        responses.forEach(entry -> texts.add(textOf(entry.getValue())));
        append(responses, model.embedResponses(of, texts, done));
      }
    }
    missing.clear();
  }

  private static String textOf(Sequence sequence) {
    return sequence.response() == null ? "" : sequence.response();
  }

  private void append(List<Map.Entry<EncodingStore.Key, Sequence>> entries, float[][] embeddings)
      throws IOException {
    store.append(entries.stream().map(Map.Entry::getKey).toList(), embeddings);
  }

  /** The pairs with their rows; every text must be in the store. */
  EncodedPairs encoded(List<PreferencePair> pairs, Arena arena) throws IOException {
    int n = pairs.size();
    int[] prompts = new int[n];
    int[] chosen = new int[n];
    int[] rejected = new int[n];
    for (int i = 0; i < n; i++) {
      PreferencePair pair = pairs.get(i);
      prompts[i] = store.row(key(pair.prompt(), null));
      chosen[i] = store.row(key(pair.prompt(), pair.chosen()));
      rejected[i] = store.row(key(pair.prompt(), pair.rejected()));
    }
    return new EncodedPairs(store.map(arena), List.copyOf(pairs), prompts, chosen, rejected);
  }

  private EncodingStore.Key key(Prompt prompt, @Nullable String response) {
    MessageDigest sha = sha256();
    if (response == null) {
      sha.update((byte) 'p');
      update(sha, prompt.text());
    } else {
      sha.update((byte) 'r');
      if (responseInput == ResponseInput.PROMPT_AND_RESPONSE) {
        update(sha, prompt.text());
      }
      update(sha, response);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha.digest());
    return new EncodingStore.Key(digest.getLong(), digest.getLong());
  }

  private static void update(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    sha.update(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
