package dev.palate.lab.encode;

import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.HashIndex;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.TextHash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Embeds every text of the data once. What the store holds already is not computed again; what is
 * computed is written chunk by chunk, so that a killed run goes on where it was. Of each text only
 * a hash and the place where it stands are held; it is read again when its turn comes.
 */
public final class PairEncoder {

  /** Of the texts between two writes: of long ones there are fewer in memory. */
  static final int CHUNK_CHARACTERS = 4_000_000;

  private static final int PARTS = 3;

  private final EncodingStore store;
  private final ResponseInput responseInput;
  private final List<PreferencePair> pairs = new ArrayList<>();
  private final HashIndex noted = new HashIndex();

  /** By number in {@link #noted}: pair * 3 + part, the first place where the text stands. */
  private int[] places = new int[16];

  private int[] lengths = new int[16];

  /** A prompt (response null), or a response with its prompt. */
  private record Sequence(Prompt prompt, @Nullable String response) {
    static Sequence of(PreferencePair pair, int part) {
      return switch (part) {
        case 0 -> new Sequence(pair.prompt(), null);
        case 1 -> new Sequence(pair.prompt(), pair.chosen());
        default -> new Sequence(pair.prompt(), pair.rejected());
      };
    }

    int length() {
      return prompt.text().length() + (response == null ? 0 : response.length());
    }
  }

  public PairEncoder(EncodingStore store, ResponseInput responseInput) {
    this.store = store;
    this.responseInput = responseInput;
  }

  /** Notes the texts of the pairs that are not in the store. */
  public PairEncoder add(List<PreferencePair> some) {
    for (PreferencePair pair : some) {
      for (int part = 0; part < PARTS; part++) {
        note(pairs.size() * PARTS + part, Sequence.of(pair, part));
      }
      pairs.add(pair);
    }
    return this;
  }

  /** How many texts {@link #encode} will embed. */
  int missing() {
    return noted.size();
  }

  private void note(int place, Sequence sequence) {
    TextHash key = key(sequence.prompt(), sequence.response());
    if (store.contains(key) || noted.contains(key)) {
      return;
    }
    int number = noted.add(key);
    if (number == places.length) {
      places = Arrays.copyOf(places, 2 * number);
      lengths = Arrays.copyOf(lengths, 2 * number);
    }
    places[number] = place;
    lengths[number] = sequence.length();
  }

  /**
   * Embeds what is missing; to be called once.
   *
   * @param done told how many texts were embedded
   */
  public void encode(EmbeddingModel model, IntConsumer done) throws IOException {
    int[] order = byLength();
    int end;
    for (int from = 0; from < order.length; from = end) {
      end = chunkEnd(order, from, model.textsAtATime());
      List<Sequence> prompts = new ArrayList<>();
      List<Sequence> responses = new ArrayList<>();
      for (int i = from; i < end; i++) {
        int place = places[order[i]];
        Sequence sequence = Sequence.of(pairs.get(place / PARTS), place % PARTS);
        (sequence.response() == null ? prompts : responses).add(sequence);
      }
      if (!prompts.isEmpty()) {
        List<String> texts = prompts.stream().map(sequence -> sequence.prompt().text()).toList();
        append(prompts, model.embed(texts, done));
      }
      if (!responses.isEmpty()) {
        List<Prompt> of = responses.stream().map(Sequence::prompt).toList();
        List<String> texts = new ArrayList<>();
        responses.forEach(sequence -> texts.add(textOf(sequence)));
        append(responses, model.embedResponses(of, texts, done));
      }
    }
  }

  /** A chunk's texts are in memory together: as many as may be, at least one. */
  private int chunkEnd(int[] order, int from, int most) {
    int end = from + 1;
    long characters = lengths[order[from]];
    while (end < order.length && end - from < most) {
      characters += lengths[order[end]];
      if (characters > CHUNK_CHARACTERS) {
        break;
      }
      end++;
    }
    return end;
  }

  /** Texts of like length share a chunk, and so a batch: little is padded. */
  private int[] byLength() {
    long[] keys = new long[noted.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) lengths[i] << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }

  private static String textOf(Sequence sequence) {
    return sequence.response() == null ? "" : sequence.response();
  }

  private void append(List<Sequence> sequences, float[][] embeddings) throws IOException {
    store.append(
        sequences.stream().map(sequence -> key(sequence.prompt(), sequence.response())).toList(),
        embeddings);
  }

  /** The pairs with their rows; every text must be in the store. */
  public EncodedPairs encoded(List<PreferencePair> pairs, Arena arena) throws IOException {
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

  private TextHash key(Prompt prompt, @Nullable String response) {
    return key(responseInput, prompt, response);
  }

  /**
   * Under which a text's row stands in the store.
   *
   * @param response null for the prompt's own row
   */
  static TextHash key(ResponseInput responseInput, Prompt prompt, @Nullable String response) {
    MessageDigest sha = TextHash.sha256();
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
    return TextHash.of(sha.digest());
  }

  static void update(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    sha.update(bytes);
  }
}
