package dev.palate.lab.cards;

import dev.palate.lab.cards.CardEvidence.StyleEvidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts counted evidence into a name and a sentence. */
final class CardText {

  static final int NAME_LIMIT = 40;
  private static final int STYLES = 3;

  /** A manner weaker than this is no name. */
  private static final double NAMEABLE = 0.06;

  private CardText() {}

  /** One name for each, all different and shorter than the limit. */
  static List<String> names(List<CardEvidence> all) {
    List<String> names = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (CardEvidence evidence : all) {
      String name =
          Stream.concat(candidates(evidence).stream(), Stream.of("Expert " + evidence.expert()))
              .filter(candidate -> candidate.length() < NAME_LIMIT && !taken.contains(candidate))
              .findFirst()
              .orElseThrow();
      taken.add(name);
      names.add(name);
    }
    return names;
  }

  /** From the most telling to the shortest. */
  private static List<String> candidates(CardEvidence evidence) {
    List<String> tastes = tastes(evidence);
    List<String> names = new ArrayList<>();
    for (String where : places(evidence.topics())) {
      if (tastes.size() > 1) {
        names.add(where + ": " + tastes.get(0) + ", " + tastes.get(1));
      }
      tastes.stream().limit(2).forEach(taste -> names.add(where + ": " + taste));
    }
    names.addAll(places(evidence.topics()));
    tastes.forEach(taste -> names.add(places(evidence.topics()).getLast() + ": " + taste));
    return names;
  }

  private static List<String> places(List<String> topics) {
    return switch (topics.size()) {
      case 0 -> List.of("General");
      case 1 -> topics;
      default -> List.of(topics.get(0) + " & " + topics.get(1), topics.get(0));
    };
  }

  private static List<String> tastes(CardEvidence evidence) {
    List<String> tastes = new ArrayList<>();
    for (StyleEvidence style : evidence.styles()) {
      if (style.weight() >= NAMEABLE) {
        tastes.add(style.effect().style().tag(style.effect().more()));
      }
    }
    List<String> likes = evidence.likes().stream().map(word -> "'" + word + "'").toList();
    if (tastes.isEmpty() && !likes.isEmpty() && !evidence.dislikes().isEmpty()) {
      tastes.add(likes.getFirst() + " over '" + evidence.dislikes().getFirst() + "'");
      tastes.addAll(likes.subList(1, likes.size()));
    }
    tastes.addAll(likes);
    return tastes;
  }

  /** What is known of an expert, in one sentence. */
  static String sentence(CardEvidence evidence) {
    String where =
        evidence.domains().isEmpty()
            ? "Everywhere"
            : "For " + String.join("; ", evidence.domains());
    List<String> likes = new ArrayList<>();
    for (StyleEvidence style : evidence.styles().stream().limit(STYLES).toList()) {
      likes.add(phrase(style, likes.isEmpty()));
    }
    if (!evidence.likes().isEmpty()) {
      likes.add("words such as " + quoted(evidence.likes()));
    }
    List<String> parts = new ArrayList<>();
    if (!likes.isEmpty()) {
      parts.add("prefers " + listed(likes));
    }
    if (!evidence.dislikes().isEmpty()) {
      parts.add("avoids words such as " + quoted(evidence.dislikes()));
    }
    return parts.isEmpty()
        ? where + ": no taste that its words or its manner would show."
        : where + ": " + String.join("; ", parts) + ".";
  }

  private static String phrase(StyleEvidence style, boolean first) {
    return String.format(
        Locale.ROOT,
        first ? "%s (%.0f %% of its sharpest pairs, %.0f %% of all)" : "%s (%.0f %%, %.0f %%)",
        style.effect().style().phrase(style.effect().more()),
        100 * style.effect().agreement(),
        100 * style.usual());
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
  }

  private static String listed(List<String> items) {
    int last = items.size() - 1;
    return last == 0
        ? items.getFirst()
        : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
  }
}
