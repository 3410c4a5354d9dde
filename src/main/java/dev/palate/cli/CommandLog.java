package dev.palate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingSystem;

/** What is logged while a command runs. Standard output is the command's own. */
public final class CommandLog {

  private CommandLog() {}

  /**
   * To standard error, whatever libraries do; Spring Boot, where a command starts it, leaves it so.
   *
   * @param warnings false: nothing at all, for a command that says itself what went wrong
   */
  public static void toStandardError(boolean warnings) {
    System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%level %logger{0}: %msg%n");
    lines.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(lines);
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(warnings ? Level.WARN : Level.OFF);
    root.addAppender(console);
  }
}
