package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.tier.LongForm;
import dev.palate.tier.NeedsEngine;
import dev.palate.tier.NeedsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
@NeedsProcess
@LongForm
class LargeDataTest {

  @TempDir private Path dir;

  @Test
  void textsOfTwiceTheHeapAreTrainedOn() throws IOException, InterruptedException {
    Path log = dir.resolve("log");
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LargeDataRun.class.getName(),
                dir.toString(),
                "5000",
                "10000")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = run.waitFor();
    assertThat(Files.readString(log)).contains("pairs 5000").contains("megabytes 10");
    assertThat(exit).isZero();
  }
}
