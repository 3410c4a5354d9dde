package dev.palate.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.security.keys.SecuredTest;
import dev.palate.server.studio.StudioPaths;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = StudioPaths.ENABLED + "=false")
class StudioOffTest extends SecuredTest {

  @Test
  void switchedOffNothingOfItIsThereOrOpen() {
    for (String path : List.of("/", "/studio/app.js")) {
      assertThat(wire.get(path, null).status()).as(path).isEqualTo(401);
      assertThat(wire.get(path, key(Scope.values())).status()).as(path).isEqualTo(404);
    }
  }
}
