package dev.palate.lab.encode;

import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.HashIndex;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.TextHash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the token states of every prompt and response of the data once. The states themselves
 * are not kept: pairs of one prompt are read together, and only their few numbers go into the
 * store, chunk by chunk. The embeddings that the reading gives beside them go into the texts' own
 * store.
 */
final class InteractionEncoder {

  private static final int PARTS = 2;

  private final EncodingStore store;
  private final EncodingStore texts;
  private final List<PreferencePair> pairs = new ArrayList<>();
  private final HashIndex noted = new HashIndex();
  private final HashIndex prompts = new HashIndex();

  /** By number in {@link #noted}: pair * 2 + part, and the number of its prompt. */
  private int[] places = new int[16];

  private int[] promptOf = new int[16];

  /** By number of the prompt: the length of the longest of its texts. */
  private int[] lengths = new int[16];

  /**
   * @param store of the numbers
   * @param texts of the embeddings of responses that are read alone
   */
  InteractionEncoder(EncodingStore store, EncodingStore texts) {
    this.store = store;
    this.texts = texts;
  }

  /** Notes what is not in the store. */
  InteractionEncoder add(List<PreferencePair> some) {
    for (PreferencePair pair : some) {
      for (int part = 0; part < PARTS; part++) {
        note(pair, part);
      }
      pairs.add(pair);
    }
    return this;
  }

  int missing() {
    return noted.size();
  }

  private void note(PreferencePair pair, int part) {
    String response = response(pair, part);
    TextHash key = key(pair.prompt(), response);
    if (store.contains(key) || noted.contains(key)) {
      return;
    }
    int number = noted.add(key);
    if (number == places.length) {
      places = Arrays.copyOf(places, 2 * number);
      promptOf = Arrays.copyOf(promptOf, 2 * number);
    }
    places[number] = pairs.size() * PARTS + part;
    promptOf[number] = promptNumber(pair.prompt());
    int length = Math.max(pair.prompt().text().length(), response.length());
    lengths[promptOf[number]] = Math.max(lengths[promptOf[number]], length);
  }

  private int promptNumber(Prompt prompt) {
    TextHash key = textKey(prompt, null);
    int known = prompts.find(key);
    if (known >= 0) {
      return known;
    }
    int number = prompts.add(key);
    if (number == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * number);
    }
    return number;
  }

  private static String response(PreferencePair pair, int part) {
    return part == 0 ? pair.chosen() : pair.rejected();
  }

  /**
   * Reads what is missing; to be called once.
   *
   * @param done told how many pairs were read
   */
  void encode(EmbeddingModel model, IntConsumer done) throws IOException {
    int[] order = byPrompt();
    int from = 0;
    while (from < order.length) {
      List<Prompt> of = new ArrayList<>();
      List<String> responses = new ArrayList<>();
      long characters = 0;
      int end = from;
      while (end < order.length
          && of.size() < model.textsAtATime()
          && characters < PairEncoder.CHUNK_CHARACTERS) {
        int place = places[order[end++]];
        PreferencePair pair = pairs.get(place / PARTS);
        String response = response(pair, place % PARTS);
        of.add(pair.prompt());
        responses.add(response);
        characters += pair.prompt().text().length() + response.length();
      }
      append(of, responses, model.readPairs(of, responses, done));
      from = end;
    }
  }

  /** Pairs of one prompt together; prompts whose texts are of like length next to each other. */
  private int[] byPrompt() {
    Integer[] order = new Integer[noted.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> {
      int byLength = Integer.compare(lengths[promptOf[a]], lengths[promptOf[b]]);
      return byLength != 0 ? byLength : Integer.compare(promptOf[a], promptOf[b]);
    });
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  private void append(List<Prompt> of, List<String> responses, EmbeddingModel.PairRows rows)
      throws IOException {
    List<TextHash> textKeys = new ArrayList<>();
    List<float[]> embeddings = new ArrayList<>();
    List<TextHash> keys = new ArrayList<>();
    Set<TextHash> seen = new HashSet<>();
    for (int i = 0; i < of.size(); i++) {
      TextHash prompt = textKey(of.get(i), null);
      if (!texts.contains(prompt) && seen.add(prompt)) {
        textKeys.add(prompt);
        embeddings.add(rows.prompts()[i]);
      }
      TextHash response = textKey(of.get(i), responses.get(i));
      if (!texts.contains(response) && seen.add(response)) {
        textKeys.add(response);
        embeddings.add(rows.responses()[i]);
      }
      keys.add(key(of.get(i), responses.get(i)));
    }
    texts.append(textKeys, embeddings.toArray(float[][]::new));
    store.append(keys, rows.interactions());
  }

  /** The rows of the pairs; all must be in the store. */
  EncodedPairs.Interactions encoded(List<PreferencePair> pairs, Arena arena) throws IOException {
    int[] chosen = new int[pairs.size()];
    int[] rejected = new int[pairs.size()];
    for (int i = 0; i < chosen.length; i++) {
      PreferencePair pair = pairs.get(i);
      chosen[i] = store.row(key(pair.prompt(), pair.chosen()));
      rejected[i] = store.row(key(pair.prompt(), pair.rejected()));
    }
    return new EncodedPairs.Interactions(store.map(arena), chosen, rejected);
  }

  private static TextHash textKey(Prompt prompt, @Nullable String response) {
    return PairEncoder.key(ResponseInput.RESPONSE, prompt, response);
  }

  private static TextHash key(Prompt prompt, String response) {
    MessageDigest sha = TextHash.sha256();
    sha.update((byte) 'i');
    PairEncoder.update(sha, prompt.text());
    PairEncoder.update(sha, response);
    return TextHash.of(sha.digest());
  }
}
