package dev.palate.core.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.BundleException;
import dev.palate.tier.NeedsEngine;
import dev.palate.tier.NeedsProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with libraries of another place, as the gpu image has it, in a process of its own. */
@NeedsEngine
@NeedsProcess
class TorchEngineTest {

  @Test
  void withoutItsLibrariesItSaysWhereItLookedAndWhatToDo(@TempDir Path temp) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            withoutTheJarsOwn(),
            TorchEngineTest.class.getName());
    builder
        .environment()
        .putAll(
            Map.of(
                "PYTORCH_LIBRARY_PATH",
                temp.resolve("none").toString(),
                "PYTORCH_VERSION",
                "2.7.1",
                "PYTORCH_FLAVOR",
                "cu128",
                "DJL_CACHE_DIR",
                temp.resolve("djl").toString()));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isEqualTo(3);
    assertThat(said)
        .contains("The PyTorch engine cannot start: ")
        .contains("PYTORCH_LIBRARY_PATH is " + temp.resolve("none"))
        .contains("PYTORCH_FLAVOR cu128");
  }

  private static String withoutTheJarsOwn() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(jar -> !jar.contains("pytorch-native-cpu"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  static void main() {
    try {
      TorchEngine.start();
    } catch (BundleException e) {
      System.out.println(e.getMessage());
      System.exit(3);
    }
  }
}
