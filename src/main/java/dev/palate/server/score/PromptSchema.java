package dev.palate.server.score;

import dev.palate.core.model.Prompt;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A prompt in the OpenAPI document: the two forms {@link Prompt} is read from. */
@Configuration(proxyBeanMethods = false)
class PromptSchema {

  @Bean
  OpenApiCustomizer prompt() {
    return api ->
        api.getComponents()
            .addSchemas(
                "Prompt",
                new Schema<>()
                    .description("A text, or the messages of a chat")
                    .oneOf(List.of(text(), messages())));
  }

  private static Schema<?> text() {
    return new StringSchema().maxLength(Prompt.MAX_CHARACTERS);
  }

  private static Schema<?> messages() {
    Schema<?> message =
        new ObjectSchema()
            .addProperty("role", new StringSchema().minLength(1).maxLength(64).example("user"))
            .addProperty("content", text())
            .required(List.of("role", "content"));
    message.setAdditionalProperties(false);
    return new ArraySchema().items(message).minItems(1);
  }
}
