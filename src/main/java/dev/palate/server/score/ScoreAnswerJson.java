package dev.palate.server.score;

import dev.palate.server.score.ScoreAnswer.Contribution;
import dev.palate.server.score.ScoreAnswer.Judged;
import dev.palate.server.score.ScoreAnswer.Routed;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a {@link ScoreAnswer} as the mapper would, byte for byte (a test compares them), without
 * its way through each record's properties: the answer is most of what a cached score costs.
 */
@Component
final class ScoreAnswerJson {

  private static final SerializedString ID = new SerializedString("id");
  private static final SerializedString MODEL = new SerializedString("model");
  private static final SerializedString MODEL_VERSION = new SerializedString("model_version");
  private static final SerializedString USER = new SerializedString("user");
  private static final SerializedString WEIGHTS = new SerializedString("weights");
  private static final SerializedString WEIGHTS_VERSION = new SerializedString("weights_version");
  private static final SerializedString PROMPT_TOKENS = new SerializedString("prompt_tokens");
  private static final SerializedString PROMPT_TRUNCATED = new SerializedString("prompt_truncated");
  private static final SerializedString ROUTING = new SerializedString("routing");
  private static final SerializedString RESPONSES = new SerializedString("responses");
  private static final SerializedString PREFERRED = new SerializedString("preferred");
  private static final SerializedString PROBABILITY = new SerializedString("probability");
  private static final SerializedString EXPERT = new SerializedString("expert");
  private static final SerializedString NAME = new SerializedString("name");
  private static final SerializedString WEIGHT = new SerializedString("weight");
  private static final SerializedString PRIOR = new SerializedString("prior");
  private static final SerializedString INDEX = new SerializedString("index");
  private static final SerializedString REWARD = new SerializedString("reward");
  private static final SerializedString RANK = new SerializedString("rank");
  private static final SerializedString TOKENS = new SerializedString("tokens");
  private static final SerializedString TRUNCATED = new SerializedString("truncated");
  private static final SerializedString EXPERTS = new SerializedString("experts");
  private static final SerializedString CONTRIBUTION = new SerializedString("contribution");

  private final JsonMapper json;

  ScoreAnswerJson(JsonMapper json) {
    this.json = json;
  }

  /**
   * @throws IllegalStateException if a number is not finite: JSON has no such number
   */
  byte[] bytes(ScoreAnswer answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator out = json.createGenerator(bytes)) {
      write(answer, out);
    }
    return bytes.toByteArray();
  }

  private static void write(ScoreAnswer answer, JsonGenerator out) {
    out.writeStartObject();
    text(ID, answer.id(), out);
    text(MODEL, answer.model(), out);
    text(MODEL_VERSION, answer.modelVersion(), out);
    text(USER, answer.user(), out);
    text(WEIGHTS, answer.weights().toString(), out);
    out.writeName(WEIGHTS_VERSION).writeNumber(answer.weightsVersion());
    out.writeName(PROMPT_TOKENS).writeNumber(answer.promptTokens());
    out.writeName(PROMPT_TRUNCATED).writeBoolean(answer.promptTruncated());
    List<Routed> routing = answer.routing();
    if (routing != null) {
      out.writeName(ROUTING).writeStartArray();
      for (Routed expert : routing) {
        out.writeStartObject();
        out.writeName(EXPERT).writeNumber(expert.expert());
        text(NAME, expert.name(), out);
        number(WEIGHT, expert.weight(), out);
        number(PRIOR, expert.prior(), out);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeName(RESPONSES).writeStartArray();
    for (Judged response : answer.responses()) {
      write(response, out);
    }
    out.writeEndArray();
    out.writeName(PREFERRED).writeNumber(answer.preferred());
    probability(answer.probability(), out);
    out.writeEndObject();
  }

  private static void write(Judged response, JsonGenerator out) {
    out.writeStartObject();
    out.writeName(INDEX).writeNumber(response.index());
    number(REWARD, response.reward(), out);
    out.writeName(RANK).writeNumber(response.rank());
    out.writeName(TOKENS).writeNumber(response.tokens());
    out.writeName(TRUNCATED).writeBoolean(response.truncated());
    probability(response.probability(), out);
    List<Contribution> experts = response.experts();
    if (experts != null) {
      out.writeName(EXPERTS).writeStartArray();
      for (Contribution expert : experts) {
        out.writeStartObject();
        out.writeName(EXPERT).writeNumber(expert.expert());
        requireFinite(Float.isFinite(expert.reward()));
        out.writeName(REWARD).writeNumber(expert.reward());
        number(CONTRIBUTION, expert.contribution(), out);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static void text(SerializedString name, @Nullable String value, JsonGenerator out) {
    if (value != null) {
      out.writeName(name).writeString(value);
    }
  }

  private static void number(SerializedString name, double value, JsonGenerator out) {
    requireFinite(Double.isFinite(value));
    out.writeName(name).writeNumber(value);
  }

  private static void probability(@Nullable Double value, JsonGenerator out) {
    if (value != null) {
      number(PROBABILITY, value, out);
    }
  }

  private static void requireFinite(boolean finite) {
    if (!finite) {
      throw new IllegalStateException("A number of the answer is not finite");
    }
  }
}
