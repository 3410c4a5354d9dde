package dev.palate.server.score.dropin;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A document to be ranked: a text, or an object with one; what else the object holds is ignored.
 */
record RerankDocument(String text) {

  /**
   * @throws ProblemException naming the field inside the document
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static RerankDocument fromJson(JsonNode json) {
    if (json.isString()) {
      return new RerankDocument(json.stringValue());
    }
    if (!json.isObject()) {
      throw refused("", "must be a string or an object with 'text'");
    }
    JsonNode text = json.path("text");
    if (!text.isString()) {
      throw refused("text", text.isMissingNode() ? "is missing" : "must be a string");
    }
    return new RerankDocument(text.stringValue());
  }

  private static ProblemException refused(String field, String message) {
    return new ProblemException(
        ErrorCode.INVALID_REQUEST,
        "The document is not valid",
        List.of(new FieldProblem(field, message)));
  }
}
