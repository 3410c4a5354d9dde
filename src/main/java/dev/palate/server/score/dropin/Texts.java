package dev.palate.server.score.dropin;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A text, or a list of them.
 *
 * @param alone whether it was sent without a list
 */
record Texts(List<String> texts, boolean alone) {

  /**
   * @throws ProblemException naming the field inside the list
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Texts fromJson(JsonNode json) {
    if (json.isString()) {
      return new Texts(List.of(json.stringValue()), true);
    }
    if (!json.isArray()) {
      throw refused("", "must be a string or an array of strings");
    }
    List<String> texts = new ArrayList<>(json.size());
    for (JsonNode text : json) {
      if (!text.isString()) {
        throw refused("[" + texts.size() + "]", "must be a string");
      }
      texts.add(text.stringValue());
    }
    return new Texts(texts, false);
  }

  private static ProblemException refused(String field, String message) {
    return new ProblemException(
        ErrorCode.INVALID_REQUEST,
        "The texts are not valid",
        List.of(new FieldProblem(field, message)));
  }
}
