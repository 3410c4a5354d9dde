package dev.palate.server.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.math.BigDecimal;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** What the OpenAPI document says of the API as a whole. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

  private static final String PROBLEM = "Problem";

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Palate")
                .version("0.1.0")
                .description(
                    "Scores responses with a sparse mixture-of-experts reward model, and learns each "
                        + "user's taste from a few preference labels. Errors are RFC 9457 problem "
                        + "details with a code.")
                .license(new License().name("Apache-2.0")));
  }

  /** Names properties as {@link JsonRules} writes them. First, so that those added later see it. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  ModelResolver snakeCaseSchemas(ObjectMapperProvider mappers) {
    return new ModelResolver(
            mappers
                .jsonMapper()
                .copy()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))
        .openapi31(true);
  }

  /** Whatever is no success is a {@link Problem}, on every route. */
  @Bean
  OpenApiCustomizer problems() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(new AnnotatedType(Problem.class))
          .forEach(api.getComponents()::addSchemas);
      api.getPaths().values().stream()
          .flatMap(path -> path.readOperations().stream())
          .forEach(operation -> operation.getResponses().addApiResponse("default", problem()));
    };
  }

  /** Every list is paged by the same two parameters, {@link Page}. */
  @Bean
  OpenApiCustomizer pages() {
    return api ->
        api.getPaths().values().stream()
            .flatMap(path -> path.readOperations().stream())
            .filter(operation -> operation.getParameters() != null)
            .flatMap(operation -> operation.getParameters().stream())
            .filter(parameter -> parameter.getIn().equals("query"))
            .forEach(parameter -> {
              if (parameter.getName().equals("limit")) {
                parameter.getSchema().minimum(BigDecimal.ONE);
                parameter.getSchema().maximum(BigDecimal.valueOf(Page.MAX_LIMIT));
              } else if (parameter.getName().equals("after")) {
                parameter.description("The `next` of the page before");
              }
            });
  }

  private static ApiResponse problem() {
    return new ApiResponse()
        .description("What went wrong and what to do: `code` says which problem")
        .content(
            new Content()
                .addMediaType(
                    org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                    new MediaType()
                        .schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
  }
}
