package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart as a whole: lint, versions, and that values, schema and README speak of the same. */
class ChartTest {

  private static String read(String file) throws IOException {
    return Files.readString(Chart.DIRECTORY.resolve(file));
  }

  @Test
  void strictLintFindsNothing() {
    LintResult result = Chart.helm().lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages()).allMatch(message -> message.startsWith("[INFO]"));
  }

  @Test
  void chartAndApplicationHaveThePomsVersion() throws Exception {
    var pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    String version = XPathFactory.newInstance().newXPath().evaluate("/project/version", pom);
    Map<String, Object> chart = new Yaml().load(read("Chart.yaml"));

    assertThat(chart).containsEntry("version", version).containsEntry("appVersion", version);
  }

  @Test
  void theSchemaKnowsEveryValueSaysWhatItIsAndRefusesOthers() throws IOException {
    JsonNode schema = new JsonMapper().readTree(read("values.schema.json"));
    List<String> differences = new ArrayList<>();

    compare("", new Yaml().load(read("values.yaml")), schema, differences);

    assertThat(differences).isEmpty();
  }

  private static void compare(
      String path, Map<String, Object> values, JsonNode schema, List<String> differences) {
    if (!schema.path("additionalProperties").isBoolean()) {
      differences.add(path + ": takes anything");
    }
    JsonNode known = schema.path("properties");
    known.propertyNames().stream()
        .filter(name -> !values.containsKey(name) && !name.equals("global"))
        .forEach(name -> differences.add(path + name + ": in the schema alone"));
    values.forEach((name, value) -> {
      JsonNode of = known.path(name);
      if (of.isMissingNode()) {
        differences.add(path + name + ": not in the schema");
      } else if (of.has("properties") && value instanceof Map<?, ?>) {
        @SuppressWarnings("unchecked")
        Map<String, Object> inner = (Map<String, Object>) value;
        compare(path + name + ".", inner, of, differences);
      } else if (of.path("description").asString("").isBlank()) {
        differences.add(path + name + ": not described");
      }
    });
  }

  @Test
  void theReadmesTableHasEveryValueAndNoOther() throws IOException {
    JsonNode schema = new JsonMapper().readTree(read("values.schema.json"));
    List<String> leaves = new ArrayList<>();
    leaves("", schema, leaves);

    List<String> rows =
        Pattern.compile("(?m)^\\| `([^`]+)` \\|")
            .matcher(read("README.md"))
            .results()
            .map((MatchResult row) -> row.group(1))
            .toList();

    assertThat(rows).containsExactlyInAnyOrderElementsOf(leaves);
  }

  private static void leaves(String path, JsonNode schema, List<String> leaves) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      if (property.getValue().has("properties")) {
        leaves(path + property.getKey() + ".", property.getValue(), leaves);
      } else if (!property.getKey().equals("global")) {
        leaves.add(path + property.getKey());
      }
    }
  }

  @Test
  void whatIsPrintedHasThreeRequestsWithAKey() {
    try (ApiServer cluster = new ApiServer()) {
      String notes = Chart.install(cluster, Chart.LEAST).getOutput();

      assertThat(notes)
          .contains("get secret rel-palate-admin-key")
          .contains("curl -s localhost:8080/score -H \"Authorization: Bearer $KEY\"")
          .contains("curl -s localhost:8080/users/alice/feedback -H \"Authorization: Bearer $KEY\"")
          .contains(
              "curl -s localhost:8080/users/alice/expert-weights -H \"Authorization: Bearer $KEY\"")
          .doesNotContain("WARNING");
    }
  }

  @Test
  void whatIsPrintedWarnsOfWhatIsNotSafe() {
    try (ApiServer cluster = new ApiServer()) {
      String values =
          Values.MATRIX.get("a database in plain values")
              + "networkPolicy: {enabled: false}\ningress: {enabled: true, hosts: [{host: p.example}]}\n";

      assertThat(Chart.install(cluster, values).getOutput())
          .contains("the database's password is in this release's values")
          .contains("networkPolicy.enabled is false")
          .contains("the ingress has no TLS");
    }
  }
}
