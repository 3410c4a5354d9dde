package dev.palate.platform;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says of the API as a whole. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

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
}
