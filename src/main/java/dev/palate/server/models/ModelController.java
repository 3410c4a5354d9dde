package dev.palate.server.models;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.bundle.DataSource;
import dev.palate.core.model.RewardModel;
import dev.palate.core.runtime.LiveModel;
import dev.palate.server.score.Limits;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What the serving model is, and what its experts learned. */
@RestController
@Tag(name = "Model", description = "The serving model and its experts")
class ModelController {

  private final LiveModel models;

  ModelController(LiveModel models) {
    this.models = models;
  }

  @Operation(
      operationId = "model",
      summary = "The serving model: version, placement, limits, quality")
  @Needs(Scope.READ)
  @GetMapping(path = "/model", produces = MediaType.APPLICATION_JSON_VALUE)
  Model model() {
    RewardModel model = models.current();
    Bundle bundle = model.bundle();
    return new Model(
        bundle.name(),
        bundle.version(),
        model.placement().device(),
        model.placement().dtype(),
        bundle.expertCount(),
        bundle.topM(),
        bundle.scale(),
        bundle.labelNoise(),
        new ModelLimits(model.placement().maxTokens(), Limits.RESPONSES, Limits.ITEMS, Limits.TEXT),
        new ModelReads(
            bundle.readsInteraction() ? bundle.encoder().interactionLayers() : List.of(),
            bundle.encoder().maxPromptTokens(),
            model.placement().maxTokens()),
        bundle.metrics(),
        bundle.data(),
        bundle.diagnostics() != null,
        bundle.warnings());
  }

  @Operation(
      operationId = "diagnostics",
      summary =
          "How the serving model was trained, how well it is calibrated, and what its experts do in"
              + " each domain")
  @Needs(Scope.READ)
  @GetMapping(path = "/model/diagnostics", produces = MediaType.APPLICATION_JSON_VALUE)
  Diagnostics diagnostics() {
    Bundle bundle = models.current().bundle();
    BundleDiagnostics diagnostics = bundle.diagnostics();
    if (diagnostics == null) {
      throw new ProblemException(
          ErrorCode.NOT_FOUND,
          "The serving bundle holds no diagnostics: it was packed, or trained by an older Palate."
              + " 'palate evaluate --write-diagnostics' measures them");
    }
    return new Diagnostics(
        bundle.name(),
        bundle.version(),
        diagnostics.learning(),
        diagnostics.calibration(),
        diagnostics.domains(),
        diagnostics.selectivity());
  }

  @Operation(operationId = "experts", summary = "The cards of all experts")
  @Needs(Scope.READ)
  @GetMapping(path = "/experts", produces = MediaType.APPLICATION_JSON_VALUE)
  Experts experts() {
    Bundle bundle = models.current().bundle();
    return new Experts(
        bundle.name(),
        bundle.version(),
        bundle.experts().stream().map(card -> ExpertAnswer.of(bundle, card)).toList());
  }

  @Operation(operationId = "expert", summary = "The card of one expert")
  @Needs(Scope.READ)
  @GetMapping(path = "/experts/{expert}", produces = MediaType.APPLICATION_JSON_VALUE)
  ExpertAnswer expert(
      @Parameter(
              description = "Its index, from 0",
              schema = @Schema(type = "integer", minimum = "0"))
          @PathVariable
          String expert) {
    Bundle bundle = models.current().bundle();
    return bundle.experts().stream()
        .filter(card -> Integer.toString(card.expert()).equals(expert))
        .findFirst()
        .map(card -> ExpertAnswer.of(bundle, card))
        .orElseThrow(() ->
            new ProblemException(
                ErrorCode.NOT_FOUND,
                "The experts of this model are 0 to " + (bundle.expertCount() - 1)));
  }

  /**
   * @param scale s of P(first preferred) = e + (1 - 2e) sigmoid(s * margin)
   * @param labelNoise e of the same
   * @param topM how many of the router's weights are kept
   * @param reads what of a request's texts the experts read
   * @param metrics measured quality, by name
   * @param data what it was trained on
   * @param diagnostics whether {@code GET /model/diagnostics} has something to tell
   * @param warnings of its training: why it may disappoint, and what to do; empty where there are
   *     none, or it was packed, or trained by an older Palate
   */
  record Model(
      String model,
      String modelVersion,
      @Schema(example = "cpu") String device,
      @Schema(example = "bf16") String dtype,
      int experts,
      int topM,
      double scale,
      double labelNoise,
      ModelLimits limits,
      ModelReads reads,
      Map<String, Double> metrics,
      List<DataSource> data,
      boolean diagnostics,
      List<BundleWarning> warnings) {}

  /** {@link BundleDiagnostics}, and of which model they are. */
  record Diagnostics(
      String model,
      String modelVersion,
      List<BundleDiagnostics.LearningCurve> learning,
      List<BundleDiagnostics.Calibration> calibration,
      List<BundleDiagnostics.Domain> domains,
      List<Double> selectivity) {}

  /**
   * @param tokens of one sequence; what is longer is truncated
   * @param responses of one item
   * @param items of one batch
   * @param characters of one text
   */
  record ModelLimits(int tokens, int responses, int items, int characters) {}

  /**
   * @param interactionLayers layers of the encoder after which the tokens of prompt and response
   *     are compared; empty where they are not
   * @param promptTokens of a prompt that is read alone, special ones included
   * @param responseTokens of a response, or of prompt and response where they are read together
   */
  record ModelReads(
      @Schema(
              description =
                  "Layers of the encoder after which the tokens of prompt and response are compared;"
                      + " empty where they are not")
          List<Integer> interactionLayers,
      @Schema(description = "Tokens that are read of a prompt") int promptTokens,
      @Schema(description = "Tokens that are read of a response") int responseTokens) {}

  record Experts(String model, String modelVersion, List<ExpertAnswer> experts) {}
}
