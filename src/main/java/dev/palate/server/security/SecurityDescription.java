package dev.palate.server.security;

import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says of keys, tokens and scopes, where there are any. */
@Configuration(proxyBeanMethods = false)
@Conditional(SecurityDescription.Known.class)
class SecurityDescription {

  private static final String SCHEME = "bearer";

  /** Where callers say who they are. */
  static final class Known implements org.springframework.context.annotation.Condition {
    @Override
    public boolean matches(
        org.springframework.context.annotation.ConditionContext context,
        org.springframework.core.type.AnnotatedTypeMetadata metadata) {
      return SecurityMode.of(context.getEnvironment()) != SecurityMode.NONE;
    }
  }

  @Bean
  OpenApiCustomizer securityScheme(SecuritySettings settings) {
    boolean jwt = settings.mode() == SecurityMode.JWT;
    SecurityScheme scheme =
        new SecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .bearerFormat(jwt ? "JWT" : "<id>.<secret>")
            .description(
                (jwt ? "A JSON Web Token" : "A key")
                    + " with the scope that a route names: "
                    + Arrays.stream(Scope.values())
                        .map(Scope::word)
                        .collect(Collectors.joining(", ")));
    return api -> api.getComponents().addSecuritySchemes(SCHEME, scheme);
  }

  @Bean
  OperationCustomizer neededScopes(SecuritySettings settings, Quotas quotas) {
    return (operation, handler) -> {
      Needs needs = handler.getMethodAnnotation(Needs.class);
      if (needs == null) {
        return operation;
      }
      Stream.concat(Stream.of(needs.value()), Arrays.stream(needs.orOwn()))
          .forEach(scope ->
              operation.addSecurityItem(new SecurityRequirement().addList(SCHEME, scope.word())));
      operation
          .getResponses()
          .addApiResponse("401", problem("No key or token that is good now"))
          .addApiResponse("403", problem("A key or token without the scope"));
      if (quotas.isLimited()) {
        operation
            .getResponses()
            .addApiResponse(
                "429",
                problem("The key's quota is used up")
                    .addHeaderObject("Retry-After", header(new IntegerSchema()))
                    .addHeaderObject("RateLimit", header(new StringSchema()))
                    .addHeaderObject("RateLimit-Policy", header(new StringSchema())));
      }
      return operation;
    };
  }

  private static Header header(Schema<?> schema) {
    return new Header().schema(schema);
  }

  private static ApiResponse problem(String description) {
    return new ApiResponse()
        .description(description)
        .content(
            new Content()
                .addMediaType(
                    org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                    new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
  }
}
