package dev.palate.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** The chart, worked on by real Helm. */
final class Chart {

  static final Path DIRECTORY = Path.of("helm/palate");
  static final String NAME = "rel";
  static final String NAMESPACE = "ns";

  /** The least that the chart wants to be told. */
  static final String LEAST =
      """
      database: {existingSecret: pg}
      """;

  private Chart() {}

  static Helm helm() {
    return new Helm(DIRECTORY);
  }

  /** Installed with these values, into an empty cluster. */
  static Rendered rendered(String values) {
    try (ApiServer cluster = new ApiServer()) {
      install(cluster, values);
      return Rendered.of(cluster.created());
    }
  }

  static Release install(ApiServer cluster, String values) {
    return withFile(
        values,
        file ->
            helm()
                .install()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .withKubeConfigContents(cluster.kubeConfig())
                .disableOpenApiValidation()
                .withValuesFile(file)
                .call());
  }

  static Release upgrade(ApiServer cluster, String values) {
    return withFile(
        values,
        file ->
            helm()
                .upgrade()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .withKubeConfigContents(cluster.kubeConfig())
                .disableOpenApiValidation()
                .withValuesFile(file)
                .call());
  }

  private static Release withFile(String values, Function<Path, Release> work) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.writeString(file, values);
        return work.apply(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
