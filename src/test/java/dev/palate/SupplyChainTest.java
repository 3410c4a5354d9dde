package dev.palate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service is made of, by the bill of materials that the build puts into the jar. */
class SupplyChainTest {

  /** SPDX ids that a service under Apache-2.0 may be shipped with; one of a library's is enough. */
  private static final Set<String> LICENCES =
      Set.of(
          "0BSD",
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          // JLine's pom says so; its licence file is the 3-clause one
          "BSD-4-Clause",
          "CC0-1.0",
          "EPL-2.0",
          "MIT",
          "MPL-2.0");

  private static JsonNode bill() throws IOException {
    try (InputStream file =
        SupplyChainTest.class.getResourceAsStream("/META-INF/sbom/application.cdx.json")) {
      assertThat(file).as("made by the build").isNotNull();
      return JsonMapper.shared().readTree(file);
    }
  }

  @Test
  void everyLibraryIsNamedWithItsHashAndALicenceThatMayBeShipped() throws IOException {
    JsonNode components = bill().path("components");
    assertThat(components.size()).isGreaterThan(100);
    List<String> faults = new ArrayList<>();
    for (JsonNode component : components) {
      String name = component.path("purl").asString();
      boolean licensed =
          component
              .path("licenses")
              .valueStream()
              .map(entry -> entry.path("license").path("id").asString(""))
              .anyMatch(LICENCES::contains);
      boolean hashed =
          component
              .path("hashes")
              .valueStream()
              .anyMatch(hash -> hash.path("alg").asString().equals("SHA-256"));
      if (!licensed) {
        faults.add(name + " has the licences " + component.path("licenses"));
      }
      if (!hashed) {
        faults.add(name + " has no SHA-256");
      }
      if (component.path("version").asString().contains("SNAPSHOT")) {
        faults.add(name + " is no release");
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void whatOnlyTestsNeedIsNotShipped() throws IOException {
    assertThat(bill().path("components").valueStream().map(c -> c.path("name").asString()))
        .contains("pytorch-engine", "postgresql", "spring-security-core")
        .doesNotContain("junit-jupiter", "testcontainers", "archunit", "jqwik");
  }

  @Test
  void nothingIsDeserializedByJava() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ObjectInputStream.class, ObjectInputFilter.class)
        .because("a stream of objects runs code of its writer's choice")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.palate"));
  }
}
