package dev.palate.server.score.dropin;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import dev.palate.server.score.TextScoring;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * The drop-in forms in the OpenAPI document. A request that comes in several forms is one record in
 * Java; here each form is told apart, with what it must hold.
 */
@Configuration(proxyBeanMethods = false)
class DropInSchemas {

  private static final String REFERENCE = "#/components/schemas/";

  /** First, so that what it adds is described with the rest. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  OpenApiCustomizer dropInForms() {
    return api -> {
      Map<String, Schema> schemas = api.getComponents().getSchemas();
      schemas.put("RerankDocument", oneOf(text(), object(Map.of("text", text()), "text")));
      schemas.put("Texts", oneOf(text(), texts(text())));
      schemas.put("RerankRequest", rerankRequest(required(schemas, "RerankRequest")));
      schemas.put("PairScoreRequest", pairScoreRequest(required(schemas, "PairScoreRequest")));
      for (String path : List.of("/rerank", "/v1/rerank", "/v2/rerank")) {
        rankings(api, path);
      }
    };
  }

  private static Schema<?> rerankRequest(Schema<?> all) {
    Schema<?> query = text().description("The prompt");
    Schema<?> ofTexts =
        form(
                all,
                List.of("raw_scores", "return_text", "truncate", "truncation_direction", "top_n"),
                "query",
                query,
                "texts",
                texts(text()))
            .description("As Text Embeddings Inference's clients send it");
    Schema<?> ofDocuments =
        form(
                all,
                List.of("truncate", "top_n", "return_documents", "max_tokens_per_doc"),
                "query",
                query,
                "documents",
                texts(reference("RerankDocument")))
            .description("As clients of Cohere, Jina and vLLM send it");
    return oneOf(ofTexts, ofDocuments).description("A prompt and the texts to be ranked for it");
  }

  private static Schema<?> pairScoreRequest(Schema<?> all) {
    List<Schema<?>> forms = new ArrayList<>();
    for (List<String> names :
        List.of(
            List.of("text_1", "text_2"),
            List.of("queries", "documents"),
            List.of("queries", "items"),
            List.of("data_1", "data_2"))) {
      forms.add(
          form(
              all,
              List.of(
                  "truncate_prompt_tokens",
                  "truncation_side",
                  "use_activation",
                  "activation",
                  "softmax"),
              names.get(0),
              reference("Texts"),
              names.get(1),
              reference("Texts")));
    }
    return oneOf(forms.toArray(Schema<?>[]::new)).description("Pairs of texts, as vLLM has them");
  }

  /** Two fields that must be, and some that may be of those that Java knows. Others are ignored. */
  private static Schema<?> form(
      Schema<?> all,
      List<String> optional,
      String one,
      Schema<?> first,
      String two,
      Schema<?> second) {
    Schema<?> form = object(Map.of(), one, two);
    form.addProperty(one, first);
    form.addProperty(two, second);
    optional.forEach(name -> form.addProperty(name, all.getProperties().get(name)));
    form.addProperty(
        "model", new StringSchema().description("Ignored: the model that is served scores"));
    form.addProperty(
        "user",
        new StringSchema()
            .pattern(UserId.PATTERN)
            .description("Whose weights mix the experts; absent: the model's own routing"));
    return form;
  }

  private static void rankings(OpenAPI api, String path) {
    Schema<?> answer = oneOf(new ArraySchema().items(reference("Rank")), reference("RerankAnswer"));
    Objects.requireNonNull(api.getPaths().get(path), path)
        .getPost()
        .getResponses()
        .addApiResponse(
            "200",
            new ApiResponse()
                .description("OK")
                .content(
                    new Content()
                        .addMediaType(APPLICATION_JSON_VALUE, new MediaType().schema(answer))));
  }

  private static Schema<?> required(Map<String, Schema> schemas, String name) {
    return Objects.requireNonNull(schemas.get(name), name);
  }

  private static Schema<?> object(Map<String, Schema<?>> properties, String... required) {
    Schema<?> object = new ObjectSchema().required(List.of(required));
    properties.forEach(object::addProperty);
    return object;
  }

  private static Schema<?> texts(Schema<?> items) {
    return new ArraySchema().items(items).minItems(1).maxItems(TextScoring.PAIRS);
  }

  private static Schema<?> text() {
    return new StringSchema().maxLength(TextScoring.TEXT);
  }

  private static Schema<?> reference(String name) {
    return new Schema<>().$ref(REFERENCE + name);
  }

  @SafeVarargs
  private static Schema<?> oneOf(Schema<?>... schemas) {
    return new Schema<>().oneOf(List.<Schema>of(schemas));
  }
}
