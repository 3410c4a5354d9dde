package dev.palate.tier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Lists the test classes that were skipped in {@value #FILE}, one a line with its reason. The build
 * prints the file in its last lines; {@code -Dpalate.require=all} makes a line in it a failure.
 */
public final class SkippedTests implements TestExecutionListener {

  private static final String FILE = "target/skipped-tests.txt";

  private final Set<String> lines = new LinkedHashSet<>();

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      add(test, result.getThrowable().map(Throwable::getMessage).orElse(null));
    }
  }

  private synchronized void add(TestIdentifier test, @Nullable String reason) {
    String type =
        test.getSource()
            .map(source ->
                switch (source) {
                  case ClassSource of -> of.getClassName();
                  case MethodSource of -> of.getClassName();
                  default -> test.getDisplayName();
                })
            .orElse(test.getDisplayName());
    String why = reason == null ? "no reason given" : reason.replaceAll("\\s+", " ").strip();
    lines.add("%s: %s".formatted(type, why));
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (lines.isEmpty()) {
      return;
    }
    try {
      Path file = Path.of(FILE);
      Files.createDirectories(Path.of("target"));
      Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      lines.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
