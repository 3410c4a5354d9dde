package dev.palate.lab.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Pairs that no person labelled: a chosen response of the data against a text that is certainly
 * worse. They teach what preference data does not say, because nobody offers such answers for
 * comparison: that an answer answers its own question, in order, whole and in its language.
 *
 * <p>Sources are the chosen responses of training and validation pairs; a made pair belongs to its
 * source's split. Deterministic: the same data, number and seed give the same pairs.
 */
public final class MadePairs {

  /** The data set's name. */
  public static final String DATASET = "made pairs";

  /** How the rejected text comes about. */
  enum Kind {
    /** The answer to another prompt. */
    OTHER_ANSWER,
    /** The answer to another prompt that shares words with this one. */
    SIMILAR_ANSWER,
    SHUFFLED,
    HALF,
    ECHO,
    REPEATED,
    NO_ANSWER,
    BLANK,
    OTHER_LANGUAGE,
    GIBBERISH
  }

  /** One after another; what takes understanding most often. */
  private static final List<Kind> ORDER =
      List.of(
          Kind.OTHER_ANSWER,
          Kind.SIMILAR_ANSWER,
          Kind.SHUFFLED,
          Kind.NO_ANSWER,
          Kind.SIMILAR_ANSWER,
          Kind.HALF,
          Kind.GIBBERISH,
          Kind.SIMILAR_ANSWER,
          Kind.REPEATED,
          Kind.OTHER_ANSWER,
          Kind.BLANK,
          Kind.SIMILAR_ANSWER,
          Kind.ECHO,
          Kind.OTHER_LANGUAGE);

  private static final List<String> NO_ANSWERS =
      List.of(
          "No idea.",
          "I don't know.",
          "I have no idea, sorry.",
          "Not sure, honestly.",
          "I can't say.",
          "Who knows?",
          "I really couldn't tell you.",
          "It depends.",
          "I don't know anything about that, and I wouldn't know where to look either. It could be one"
              + " thing or another. I'm afraid that is all I have to offer on this subject.",
          "That is an interesting question, and many people have asked it. There are lots of opinions"
              + " about it. I am not sure which of them is right, so I can't give you an answer.",
          "There are many ways to look at this. Some are better and some are worse. In the end it is"
              + " hard to say, and everybody has to find out for themselves.",
          "You could look that up on the internet, or ask somebody who knows about such things. I"
              + " have nothing to add, since I don't know much about it myself.",
          "Hm, let me think. I have heard of this before, but I can't remember what it was about. I'd"
              + " rather not guess. Perhaps another time.");

  private static final List<String> BLANKS = List.of("...", "-", ".", "?", "--", "\u2026", "***");

  /** Texts that answer nothing in particular. */
  private static final List<String> OTHER_LANGUAGES =
      List.of(
          "Das kommt darauf an. Am besten liest man zuerst die Anleitung und fragt dann jemanden, der sich damit auskennt.",
          "Man sollte sich daf\u00fcr gen\u00fcgend Zeit nehmen und in Ruhe anfangen. Danach wird es von Tag zu Tag leichter.",
          "Cela d\u00e9pend de la situation. Il vaut mieux commencer par les choses simples et demander conseil \u00e0 quelqu'un.",
          "C'est une bonne question. Il faut d'abord r\u00e9fl\u00e9chir, puis choisir la solution qui vous convient le mieux.",
          "Depende de cada caso. Lo mejor es empezar poco a poco y preguntar a una persona que tenga experiencia.",
          "Es una pregunta interesante. Primero hay que pensar en lo que se necesita y despu\u00e9s elegir con calma.",
          "Dipende dalla situazione. Conviene cominciare dalle cose pi\u00f9 semplici e chiedere consiglio a un esperto.",
          "Dat hangt ervan af. Begin rustig met de eenvoudige dingen en vraag daarna iemand die er verstand van heeft.",
          "Depende da situa\u00e7\u00e3o. O melhor \u00e9 come\u00e7ar devagar e pedir ajuda a quem j\u00e1 tem experi\u00eancia.",
          "To zale\u017cy od sytuacji. Najlepiej zacz\u0105\u0107 od prostych rzeczy i zapyta\u0107 kogo\u015b z do\u015bwiadczeniem.");

  private static final int SHORTEST = 4;
  private static final int CANDIDATES = 40;
  private static final int MOST_WORDS = 120;
  private static final String VOWELS = "aeiou";
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";

  private final List<PreferencePair> sources;
  private final Random random;

  /** Whether no person labelled the pair. */
  public static boolean isMade(PreferencePair pair) {
    return pair.dataset().equals(DATASET);
  }

  /**
   * The data without its made pairs.
   *
   * @param kept {@code int[n]}: indices of the pairs that are left, see {@link #labelled}
   */
  public static TrainingData without(TrainingData data, int[] kept) {
    return new TrainingData(
        data.files().stream().filter(file -> !file.name().equals(DATASET)).toList(),
        Arrays.stream(kept).mapToObj(data.pairs()::get).toList(),
        Arrays.stream(kept).mapToObj(data.splits()::get).toList(),
        data.bad(),
        data.leaks());
  }

  /** Indices of the pairs that people labelled. */
  public static int[] labelled(TrainingData data) {
    return IntStream.range(0, data.pairs().size())
        .filter(i -> !isMade(data.pairs().get(i)))
        .toArray();
  }

  private MadePairs(List<PreferencePair> sources, long seed) {
    this.sources = sources;
    this.random = new Random(seed);
  }

  /**
   * The data with made pairs behind its own, under the name {@value #DATASET}.
   *
   * @param count how many, at most; those whose source allows none are left out
   * @throws DataException where a data set of the data has the name
   */
  public static TrainingData addedTo(TrainingData data, int count, long seed) {
    if (count == 0) {
      return data;
    }
    if (data.files().stream().anyMatch(file -> file.name().equals(DATASET))) {
      throw new DataException(
          "a data set is named '%s', which is the name of made pairs; name it: --data NAME=FILE"
              .formatted(DATASET));
    }
    List<Integer> indices = new ArrayList<>();
    for (Split split : new Split[] {Split.TRAIN, Split.VALIDATION}) {
      for (int index : data.indices(split)) {
        indices.add(index);
      }
    }
    Collections.shuffle(indices, new Random(seed));
    MadePairs made = new MadePairs(data.pairs(), seed);
    List<PreferencePair> pairs = new ArrayList<>(data.pairs());
    List<Split> splits = new ArrayList<>(data.splits());
    for (int i = 0; i < Math.min(count, indices.size()); i++) {
      int index = indices.get(i);
      PreferencePair pair = made.pair(indices, index, ORDER.get(i % ORDER.size()), i);
      if (pair != null) {
        pairs.add(pair);
        splits.add(data.splits().get(index));
      }
    }
    List<DataFile> files = new ArrayList<>(data.files());
    files.add(
        new DataFile(DATASET, Path.of(DATASET), "made from the other sets' chosen responses"));
    return new TrainingData(
        List.copyOf(files), List.copyOf(pairs), List.copyOf(splits), data.bad(), data.leaks());
  }

  private @Nullable PreferencePair pair(List<Integer> indices, int index, Kind kind, int number) {
    PreferencePair source = sources.get(index);
    String chosen = source.chosen();
    String rejected =
        switch (kind) {
          case OTHER_ANSWER -> other(indices, source, 1);
          case SIMILAR_ANSWER -> other(indices, source, CANDIDATES);
          case SHUFFLED -> shuffled(chosen);
          case HALF -> half(chosen);
          case ECHO -> lastTurn(source.prompt().text());
          case REPEATED -> repeated(chosen);
          case NO_ANSWER -> one(NO_ANSWERS);
          case BLANK -> one(BLANKS);
          case OTHER_LANGUAGE -> one(OTHER_LANGUAGES);
          case GIBBERISH -> gibberish(chosen);
        };
    if (rejected.isBlank() || rejected.equals(chosen)) {
      return null;
    }
    String name = kind.name().toLowerCase(Locale.ROOT);
    return new PreferencePair(
        DATASET, name + "-" + number, null, name, source.prompt(), chosen, rejected, 1, null, null);
  }

  private String one(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** Of some candidates the answer whose prompt shares the most words with this one. */
  private String other(List<Integer> indices, PreferencePair source, int candidates) {
    String prompt = source.prompt().text();
    Set<String> words = words(prompt);
    String best = "";
    double most = -1;
    for (int i = 0; i < candidates; i++) {
      PreferencePair other = sources.get(indices.get(random.nextInt(indices.size())));
      String text = other.prompt().text();
      if (text.equals(prompt) || other.chosen().equals(source.chosen())) {
        continue;
      }
      Set<String> shared = words(text);
      double all = Math.sqrt(shared.size() + 1.0);
      shared.retainAll(words);
      // a set of its own speaks of other things: the same one is harder to tell apart
      double near = shared.size() / all + (other.dataset().equals(source.dataset()) ? 1 : 0);
      if (near > most) {
        most = near;
        best = other.chosen();
      }
    }
    return best;
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    String beginning = text.substring(Math.max(0, text.length() - 2000));
    for (String word : beginning.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")) {
      if (word.length() > 4) {
        words.add(word);
      }
    }
    return words;
  }

  private static List<String> split(String text) {
    return new ArrayList<>(Arrays.asList(text.strip().split("\\s+")));
  }

  private String shuffled(String chosen) {
    List<String> words = split(chosen);
    if (words.size() < SHORTEST) {
      return "";
    }
    Collections.shuffle(words, random);
    int kept = random.nextBoolean() ? words.size() : Math.max(SHORTEST, words.size() / 2);
    return String.join(" ", words.subList(0, kept));
  }

  private String half(String chosen) {
    String[] words = chosen.strip().split(" ");
    if (words.length < 2 * SHORTEST) {
      return "";
    }
    int from = words.length / 4;
    int kept = from + random.nextInt(words.length / 2);
    // no end of a sentence: what stands before it might be a whole answer
    while (kept > SHORTEST && !endsInside(words[kept - 1])) {
      kept--;
    }
    return endsInside(words[kept - 1]) ? String.join(" ", Arrays.copyOf(words, kept)).strip() : "";
  }

  private static boolean endsInside(String word) {
    return !word.isEmpty() && Character.isLetter(word.codePointBefore(word.length()));
  }

  private static String lastTurn(String prompt) {
    int turn = Math.max(prompt.lastIndexOf("\n\nuser: "), prompt.lastIndexOf("\n\nHuman: "));
    String last = turn < 0 ? prompt : prompt.substring(prompt.indexOf(": ", turn) + 2);
    int answer = last.indexOf("\n\nassistant: ");
    return (answer < 0 ? last : last.substring(0, answer)).strip();
  }

  private String repeated(String chosen) {
    int end = 0;
    while (end < chosen.length() && ".!?\n".indexOf(chosen.charAt(end)) < 0) {
      end++;
    }
    String sentence = chosen.substring(0, Math.min(chosen.length(), end + 1)).strip();
    if (split(sentence).size() < SHORTEST) {
      return "";
    }
    return String.join(" ", Collections.nCopies(3 + random.nextInt(6), sentence));
  }

  private String gibberish(String chosen) {
    int words = Math.clamp(split(chosen).size(), 2, MOST_WORDS);
    boolean wordLike = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      int length = 2 + random.nextInt(7);
      text.append(i == 0 ? "" : " ");
      for (int j = 0; j < length; j++) {
        String letters =
            wordLike && j % 2 == 1 ? VOWELS : wordLike ? CONSONANTS : VOWELS + CONSONANTS;
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
    }
    return text.toString();
  }
}
