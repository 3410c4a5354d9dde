package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Spring Boot passes over a property that nobody reads: so every one that the chart writes must be
 * among those that Palate and the libraries declare.
 */
class PropertiesTest {

  /** Read by {@code @Value}, so declared nowhere; {@link ServiceSettingsTest} runs with it. */
  private static final Set<String> READ_BY_NAME = Set.of("palate.data-dir");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the least",
        "migration by a job",
        "tokens of an identity provider",
        "a bundle in a claim",
        "everything switched off"
      })
  void everyPropertyThatTheChartWritesIsDeclared(String values) throws IOException {
    String yaml =
        Chart.rendered(
                Values.MATRIX.get(values)
                    + (values.equals("the least")
                        ? "security: {corsAllowedOrigins: ['https://app.example']}\n"
                        : ""))
            .applicationYaml();
    List<String> written = new ArrayList<>();
    flatten("", new Yaml().load(yaml), written);

    assertThat(written).hasSizeGreaterThan(10);
    assertThat(declared()).containsAll(written);
  }

  private static void flatten(String path, Map<String, Object> settings, List<String> into) {
    settings.forEach((name, value) -> {
      if (value instanceof Map<?, ?> map) {
        @SuppressWarnings("unchecked")
        Map<String, Object> inner = (Map<String, Object>) map;
        flatten(path + name + ".", inner, into);
      } else {
        into.add(path + name);
      }
    });
  }

  private static Set<String> declared() throws IOException {
    Set<String> names = new HashSet<>(READ_BY_NAME);
    ClassLoader loader = PropertiesTest.class.getClassLoader();
    for (URL url :
        Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream in = url.openStream()) {
        for (JsonNode property : new JsonMapper().readTree(in).path("properties")) {
          names.add(property.path("name").asString());
        }
      }
    }
    return names;
  }
}
