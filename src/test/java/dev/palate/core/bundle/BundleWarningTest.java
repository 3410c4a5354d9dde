package dev.palate.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleWarningTest {

  private static final BundleWarning FEW = new BundleWarning("too_few_raters", "add raters");

  @TempDir private Path temp;
  private Path dir = Path.of("");
  private Path plain = Path.of("");

  @BeforeEach
  void write() {
    plain = TestBundles.randomBundle(temp.resolve("plain"), 2, 1);
    dir = temp.resolve("warned");
    Bundles.write(dir, Bundles.read(plain).withWarnings(List.of(FEW)));
  }

  @Test
  void theyReadBackGoWithACopyAndDecideNoVersion() {
    Bundle read = Bundles.read(dir);
    assertThat(read.warnings()).containsExactly(FEW);
    assertThat(Bundles.read(plain).warnings()).isEmpty();
    assertThat(read.version()).isEqualTo(Bundles.read(plain).version());
    Bundle copy = Bundles.write(temp.resolve("copy"), read.withDiagnostics(null));
    assertThat(copy.warnings()).containsExactly(FEW);
  }

  @Test
  void noOtherFileOfTheBundleKnowsOfThemSoThatAnOlderPalateReadsIt() throws IOException {
    assertThat(Files.readAllBytes(dir.resolve("bundle.json")))
        .isEqualTo(Files.readAllBytes(plain.resolve("bundle.json")));
  }

  @Test
  void aBundleWithoutThemDeletesThoseOfTheBundleBefore() {
    Bundles.write(dir, Bundles.read(plain));
    assertThat(dir.resolve("warnings.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"model_version\": \"00000000\", \"warnings\": []}",
        "{\"model_version\": \"00000000\", \"warnings\": [null]}",
        "{\"model_version\": \"00000000\", \"warnings\": [{\"code\": \"a b\", \"message\": \"m\"}]}",
        "{\"warnings\": []}"
      })
  void aFileThatIsNotTheBundlesIsRefusedByName(String json) throws IOException {
    Files.writeString(dir.resolve("warnings.json"), json);
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("warnings.json")
        .hasMessageContaining("delete it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Few", "too few", "_few", "few_", "a__b", "a-b"})
  void aCodeIsLowerCaseWords(String code) {
    assertThatThrownBy(() -> new BundleWarning(code, "add raters")).hasMessageContaining("'code'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void aMessageIsNotBlank(String message) {
    assertThatThrownBy(() -> new BundleWarning("few", message)).hasMessageContaining("'message'");
  }
}
