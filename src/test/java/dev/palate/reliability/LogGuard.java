package dev.palate.reliability;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.slf4j.LoggerFactory;

/**
 * Around every test of the suite: what was logged at INFO or above holds nothing of {@link
 * SentTexts}, or the test fails.
 */
public final class LogGuard implements BeforeEachCallback, AfterEachCallback {

  private static final Watch WATCH = new Watch();
  private static final AtomicLong LINES = new AtomicLong();

  @Override
  public void beforeEach(ExtensionContext test) {
    test.getRoot()
        .getStore(Namespace.create(LogGuard.class))
        .computeIfAbsent(Total.class, key -> new Total());
    watch();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    check();
  }

  /** A context that starts takes all appenders away. */
  static void watch() {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root
        && !root.isAttached(WATCH)) {
      WATCH.setContext(root.getLoggerContext());
      WATCH.start();
      root.addAppender(WATCH);
    }
  }

  /** Of what was logged since the last check. */
  static void check() {
    for (String line = WATCH.lines.poll(); line != null; line = WATCH.lines.poll()) {
      check(line);
    }
  }

  /**
   * Of one line of some log.
   *
   * @throws AssertionError where it holds what was sent
   */
  public static void check(String line) {
    LINES.incrementAndGet();
    SentTexts.foundIn(line)
        .ifPresent(text -> {
          throw new AssertionError("The log holds '%s', which was sent: %s".formatted(text, line));
        });
  }

  private static final class Watch extends AppenderBase<ILoggingEvent> {
    final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
        lines.add(
            event.getLoggerName()
                + " "
                + event.getFormattedMessage()
                + " "
                + event.getKeyValuePairs()
                + (event.getThrowableProxy() == null
                    ? ""
                    : " " + ThrowableProxyUtil.asString(event.getThrowableProxy())));
      }
    }
  }

  /** At the end of a test class: of all tests of this JVM so far. */
  private record Total() implements AutoCloseable {
    @Override
    public void close() {
      if (SentTexts.count() > 0) {
        Reliability.recordSoFar(
            25,
            "log of " + System.getProperty("palate.tests", "unit tests"),
            "%,d lines at INFO hold none of the %,d texts and keys sent"
                .formatted(LINES.get(), SentTexts.count()));
      }
    }
  }
}
