package dev.palate.server.store;

import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The {@code {id}} of every route below {@code /users} in the OpenAPI document. */
@Configuration(proxyBeanMethods = false)
class UserIdSchema {

  @Bean
  OpenApiCustomizer userIds() {
    return api ->
        api.getPaths().entrySet().stream()
            .filter(path -> path.getKey().startsWith("/users/"))
            .flatMap(path -> path.getValue().readOperations().stream())
            .flatMap(operation -> operation.getParameters().stream())
            .filter(parameter -> parameter.getIn().equals("path"))
            .filter(parameter -> parameter.getName().equals("id"))
            .forEach(parameter ->
                parameter
                    .description("The caller's own name for the user; a user exists by being named")
                    .getSchema()
                    .pattern(UserId.PATTERN));
  }
}
