package dev.palate.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a test found out about a promise: one line of JSON in {@code target/reliability/<test
 * class>.jsonl}, from which the table of promises is made.
 */
public final class Reliability {

  private static final Path DIRECTORY = Path.of("target", "reliability");
  private static final JsonMapper JSON = new JsonMapper();

  private Reliability() {}

  /**
   * Appends a row. Called by a test once it holds, from the test's own class.
   *
   * @param promise its number
   * @param what the test did, in a few words
   * @param figure what came out
   */
  public static void record(int promise, String what, String figure) {
    write(promise, what, figure);
    System.out.printf("promise %d: %s: %s%n", promise, what, figure);
  }

  /** As {@link #record}, of what grows from test to test: the last row under a name counts. */
  static void recordSoFar(int promise, String what, String figure) {
    write(promise, what, figure);
  }

  private static void write(int promise, String what, String figure) {
    StackWalker.StackFrame caller =
        StackWalker.getInstance()
            .walk(frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(Reliability.class.getName()))
                    .findFirst()
                    .orElseThrow());
    String name = caller.getClassName().substring(caller.getClassName().lastIndexOf('.') + 1);
    String line =
        JSON.createObjectNode()
            .put("promise", promise)
            .put("test", name + "." + caller.getMethodName())
            .put("what", what)
            .put("figure", figure)
            .toString();
    try {
      Files.createDirectories(DIRECTORY);
      Files.writeString(
          DIRECTORY.resolve(name + ".jsonl"),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
