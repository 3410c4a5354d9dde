package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.security.keys.SecuredTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The committed contract is the one that is served, keys and all. A change of it is a change of
 * docs/openapi.json: {@code mvn test -Dtest=OpenApiFileTest -Dpalate.openapi.write=true} writes it.
 */
class OpenApiFileTest extends SecuredTest {

  private static final Path FILE = Path.of("docs", "openapi.json");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private static List<JsonNode> sorted(JsonNode tags) {
    return tags.valueStream()
        .sorted(Comparator.comparing(tag -> tag.path("name").asString()))
        .toList();
  }

  @Test
  void theCommittedDocumentIsTheServedOne() throws IOException {
    Wire.Answer answer = wire.get("/openapi.json", key(Scope.READ));
    assertThat(answer.status()).isEqualTo(200);
    JsonNode served = answer.json();
    // the address of this very test
    ((ObjectNode) served).remove("servers");
    // in no order of theirs
    ((ObjectNode) served).set("tags", JSON.valueToTree(sorted(served.path("tags"))));
    if (Boolean.getBoolean("palate.openapi.write")) {
      Files.writeString(FILE, JSON.writeValueAsString(served) + "\n");
    }

    assertThat(JSON.readTree(FILE)).as("%s, see the Javadoc of this test", FILE).isEqualTo(served);
  }
}
