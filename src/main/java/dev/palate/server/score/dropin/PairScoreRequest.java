package dev.palate.server.score.dropin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.palate.server.score.TextScoring.Pair;
import dev.palate.server.score.TextScoring.PairNames;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/score}, as vLLM has it: two fields of texts under one of four pairs
 * of names. {@link DropInSchemas} describes the four apart.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record PairScoreRequest(
    @JsonProperty("text_1") @Nullable Texts text1,
    @JsonProperty("text_2") @Nullable Texts text2,
    @JsonProperty("data_1") @Nullable Texts data1,
    @JsonProperty("data_2") @Nullable Texts data2,
    @Nullable Texts queries,
    @Nullable Texts documents,
    @Nullable Texts items,
    @Schema(
            description = "-1, or no less than the model's own limit, at which texts are cut",
            minimum = "-1")
        @Nullable Integer truncatePromptTokens,
    @Schema(
            description = "Texts are cut at their end: `left` is refused",
            allowableValues = "right")
        @Nullable String truncationSide,
    @Schema(description = "true: sigmoid(reward); false: raw rewards", defaultValue = "true")
        @Nullable Boolean useActivation,
    @Schema(description = "An older name of `use_activation`") @Nullable Boolean activation,
    @Schema(description = "The oldest name of `use_activation`") @Nullable Boolean softmax,
    @Nullable String user) {

  /** Two fields and their names. */
  private record Sides(
      String firstName, @Nullable Texts first, String secondName, @Nullable Texts second) {

    boolean isSent() {
      return first != null && second != null;
    }

    boolean isBegun() {
      return first != null || second != null;
    }
  }

  private Stream<Sides> forms() {
    return Stream.of(
        new Sides("text_1", text1, "text_2", text2),
        new Sides("queries", queries, "documents", documents),
        new Sides("queries", queries, "items", items),
        new Sides("data_1", data1, "data_2", data2));
  }

  /** The one form that is whole; else the one that is begun, for its faults. */
  private Sides sides() {
    return forms()
        .filter(Sides::isSent)
        .findFirst()
        .or(() -> forms().filter(Sides::isBegun).findFirst())
        .orElseGet(() -> forms().toList().getFirst());
  }

  /** Whether scores are to be between 0 and 1. */
  boolean isActivated() {
    return Stream.of(useActivation, activation, softmax)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(true);
  }

  /**
   * @param maxTokens of the model
   * @return one to one, one to many, or many to as many
   * @throws dev.palate.server.web.ProblemException unless all of it can be honoured
   */
  List<Pair> pairs(int maxTokens) {
    Faults faults = new Faults();
    Sides sides = sides();
    check(faults, sides.firstName, sides.first);
    check(faults, sides.secondName, sides.second);
    faults.cut(truncatePromptTokens, maxTokens, "truncate_prompt_tokens");
    faults.check(
        truncationSide == null || truncationSide.equals("right"),
        "truncation_side",
        "must be right: texts are cut at their end");
    faults.refuse();
    List<String> first = Objects.requireNonNull(sides.first).texts();
    List<String> second = Objects.requireNonNull(sides.second).texts();
    faults.check(
        first.size() == 1 || first.size() == second.size(),
        sides.secondName,
        "must hold as many texts as '%s', unless that is one".formatted(sides.firstName));
    faults.refuse();
    return IntStream.range(0, second.size())
        .mapToObj(i -> new Pair(first.get(first.size() == 1 ? 0 : i), second.get(i)))
        .toList();
  }

  private static void check(Faults faults, String name, @Nullable Texts texts) {
    if (texts == null) {
      faults.add(name, "is missing");
    } else if (texts.alone()) {
      faults.text(texts.texts().getFirst(), name);
    } else {
      faults.texts(texts.texts(), name);
    }
  }

  PairNames names() {
    Sides sides = sides();
    return new PairNames() {
      @Override
      public String prompt(int pair) {
        Texts first = sides.first;
        return first == null || first.texts().size() > 1
            ? sides.firstName + "[" + pair + "]"
            : sides.firstName;
      }

      @Override
      public String response(int pair) {
        Texts second = sides.second;
        return second != null && second.alone()
            ? sides.secondName
            : sides.secondName + "[" + pair + "]";
      }

      @Override
      public String responses() {
        return sides.secondName;
      }
    };
  }
}
