package dev.palate.server.security.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Secrets as Kubernetes and Docker mount them. */
class SecretFilesTest {

  /** An application without beans; not annotated, lest the other tests take it for theirs. */
  static class Nothing {}

  @Test
  void secretsMayLieInFilesNamedByTheirProperties(@TempDir Path secrets) throws IOException {
    Files.writeString(secrets.resolve("palate.security.admin-key"), "from a file");
    Files.writeString(secrets.resolve("spring.datasource.password"), "of a file");

    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Nothing.class)
            .web(WebApplicationType.NONE)
            .properties("spring.main.log-startup-info=false")
            .run("--spring.config.import=optional:configtree:" + secrets + "/")) {
      assertThat(context.getEnvironment().getProperty("palate.security.admin-key"))
          .isEqualTo("from a file");
      assertThat(context.getEnvironment().getProperty("spring.datasource.password"))
          .isEqualTo("of a file");
    }
  }
}
