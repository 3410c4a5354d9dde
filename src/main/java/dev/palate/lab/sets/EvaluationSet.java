package dev.palate.lab.sets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.palate.core.model.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pairs of a set, in the order of its file. The sets are resources of the jar; no model is
 * trained on them.
 */
record EvaluationSet(List<TextPair> pairs) {

  EvaluationSet {
    pairs = List.copyOf(pairs);
  }

  /** Pairs of an obviously better and an obviously worse answer, by kind. */
  static EvaluationSet everyday() {
    return read("everyday.jsonl", "kind", "better", "worse");
  }

  /** Pairs of two good answers, one with more of a trait than the other, by trait. */
  static EvaluationSet taste() {
    return read("taste.jsonl", "trait", "more", "less");
  }

  EvaluationSet of(Half half) {
    return new EvaluationSet(pairs.stream().filter(pair -> half.includes(pair.half())).toList());
  }

  List<String> groups() {
    return pairs.stream().map(TextPair::group).distinct().toList();
  }

  List<TextPair> group(String name) {
    return pairs.stream().filter(pair -> pair.group().equals(name)).toList();
  }

  private static EvaluationSet read(String file, String group, String first, String second) {
    try (InputStream in =
        EvaluationSet.class.getClassLoader().getResourceAsStream("evaluation/" + file)) {
      String text = new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
      return new EvaluationSet(
          text.lines()
              .map(JsonMapper.shared()::readTree)
              .map(line ->
                  new TextPair(
                      line.required("id").stringValue(),
                      line.required(group).stringValue(),
                      Half.valueOf(line.required("half").stringValue()),
                      messages(line.required("prompt")),
                      line.required(first).stringValue(),
                      line.required(second).stringValue()))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Message> messages(JsonNode prompt) {
    return prompt.isString()
        ? List.of(new Message("user", prompt.stringValue()))
        : prompt
            .valueStream()
            .map(message ->
                new Message(
                    message.required("role").stringValue(),
                    message.required("content").stringValue()))
            .toList();
  }
}
