package dev.palate.server.changes;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Hears of users' changes in all replicas: one connection of its own that listens to the channel
 * the schema's triggers notify.
 *
 * <p><b>Sessions.</b> PostgreSQL notifies in the order of commits, and keeps nothing for who is not
 * connected. So each connection is a session with a number of its own, and whoever read something
 * in an earlier session must read it again. A session begins only after a notification sent through
 * the pool, the way the writers' go, has arrived: through a pooler that hands connections around,
 * {@code listen} succeeds and nothing ever comes.
 *
 * <p><b>Heartbeat.</b> A connection that the network swallowed looks like one on which nothing
 * happens. Every second the server is asked to answer; what it had notified before is in front of
 * that answer. Without an answer for {@value #VOUCHED_SECONDS} seconds the session's word counts
 * for nothing, and that is the longest a change elsewhere can stay unnoticed.
 */
@Component
class ChangeListener implements UserChanges, SmartLifecycle {

  static final String APPLICATION = "palate-listener";
  private static final String CHANNEL = "palate_users";
  private static final int VOUCHED_SECONDS = 3;
  private static final int BEAT_MILLIS = 1_000;
  private static final int ANSWER_SECONDS = 2;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);

  private final DataSource pool;
  private final ApplicationEventPublisher events;
  private final boolean wanted;
  private final String probe = "palate_probe_" + UUID.randomUUID().toString().replace('-', '_');
  private volatile @Nullable Thread thread;
  private volatile @Nullable Connection connection;
  private volatile CountDownLatch stopped = new CountDownLatch(0);
  private volatile boolean unbroken;
  private volatile long session;
  private volatile long heardAt = System.nanoTime() - TimeUnit.DAYS.toNanos(1);

  ChangeListener(
      DataSource pool,
      ApplicationEventPublisher events,
      MeterRegistry meters,
      @Value("${palate.user-weights.listen:true}") boolean wanted) {
    this.pool = pool;
    this.events = events;
    this.wanted = wanted;
    Gauge.builder("palate.user.weights.listening", this, l -> l.listening() ? 1 : 0)
        .description("1 while changes made by other replicas arrive as they are committed")
        .register(meters);
  }

  @Override
  public long session() {
    return session;
  }

  @Override
  public boolean listening() {
    return unbroken && silenceNanos() < TimeUnit.SECONDS.toNanos(VOUCHED_SECONDS);
  }

  @Override
  public long silenceNanos() {
    return System.nanoTime() - heardAt;
  }

  @Override
  public void start() {
    if (!wanted) {
      return;
    }
    CountDownLatch stop = new CountDownLatch(1);
    stopped = stop;
    thread = Thread.ofPlatform().name(APPLICATION).daemon().start(() -> listenUntil(stop));
  }

  @Override
  public void stop() {
    stopped.countDown();
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("The listening connection was closed already", e);
      }
    }
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void listenUntil(CountDownLatch stop) {
    Duration pause = FIRST_PAUSE;
    boolean told = false;
    try {
      do {
        long before = session;
        try (Connection open = open()) {
          connection = open;
          listen(open, stop);
        } catch (SQLException | RuntimeException e) {
          unbroken = false;
          boolean worked = session > before;
          pause = worked ? FIRST_PAUSE : pause;
          if (stop.getCount() > 0 && (worked || !told)) {
            told = true;
            log.warn(
                "Other replicas' changes are not heard of; users' weights are read again after a"
                    + " short time instead: {}",
                e.getMessage());
          }
        }
        connection = null;
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As the pool opens its own, but not out of the pool: it is kept for good. */
  private Connection open() throws SQLException {
    HikariDataSource like = pool.unwrap(HikariDataSource.class);
    Properties properties = new Properties();
    properties.putAll(like.getDataSourceProperties());
    properties.setProperty("ApplicationName", APPLICATION);
    if (like.getUsername() != null) {
      properties.setProperty("user", like.getUsername());
    }
    if (like.getPassword() != null) {
      properties.setProperty("password", like.getPassword());
    }
    return DriverManager.getConnection(like.getJdbcUrl(), properties);
  }

  private void listen(Connection open, CountDownLatch stop) throws SQLException {
    PGConnection postgres = open.unwrap(PGConnection.class);
    try (Statement statement = open.createStatement()) {
      statement.execute("listen " + CHANNEL);
      statement.execute("listen " + probe);
    }
    prove(postgres);
    heardAt = System.nanoTime();
    session++;
    unbroken = true;
    while (stop.getCount() > 0) {
      deliver(postgres.getNotifications(BEAT_MILLIS));
      if (silenceNanos() >= TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS)) {
        long asked = System.nanoTime();
        if (!open.isValid(ANSWER_SECONDS)) {
          throw new SQLException("the database does not answer");
        }
        deliver(postgres.getNotifications());
        heardAt = asked;
      }
    }
    unbroken = false;
  }

  /** Sends a notification through the pool and waits for it. */
  private void prove(PGConnection postgres) throws SQLException {
    try (Connection writer = pool.getConnection();
        Statement statement = writer.createStatement()) {
      statement.execute("notify " + probe);
      if (!writer.getAutoCommit()) {
        writer.commit();
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    for (long left = ANSWER_SECONDS * 1000L; left > 0; ) {
      PGNotification[] notifications = postgres.getNotifications((int) left);
      deliver(notifications);
      for (PGNotification notification : some(notifications)) {
        if (notification.getName().equals(probe)) {
          return;
        }
      }
      left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
    throw new SQLException("notifications do not arrive; is there a pooler in between?");
  }

  private void deliver(PGNotification @Nullable [] notifications) {
    for (PGNotification notification : some(notifications)) {
      if (notification.getName().equals(CHANNEL)) {
        deliver(notification.getParameter());
      }
    }
  }

  /**
   * One letter, c(hanged) or e(rased), and the digests of one user or more. A word of a later
   * version that this one does not know may mean anything: a new session, in which nothing read
   * before counts.
   */
  private void deliver(String payload) {
    boolean erased = payload.startsWith("e");
    try {
      if (!erased && !payload.startsWith("c")) {
        throw new IllegalArgumentException("an unknown kind of change");
      }
      for (UserDigest user : UserDigest.parseAll(payload.substring(1))) {
        events.publishEvent(new UserChanged(user, erased));
      }
    } catch (IllegalArgumentException e) {
      session++;
    }
  }

  private static PGNotification[] some(PGNotification @Nullable [] notifications) {
    return notifications == null ? new PGNotification[0] : notifications;
  }
}
