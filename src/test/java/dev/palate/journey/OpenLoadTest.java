package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the generator of open load says of servers whose faults are known. */
@Isolated
class OpenLoadTest {

  private static final byte[] REQUEST = HttpLine.post("/", "{}");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicInteger served = new AtomicInteger();
  private final CountDownLatch never = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private interface Behaviour {
    int status(int request) throws InterruptedException;
  }

  /** One thread serves all. */
  private OpenLoad.Answers load(Behaviour behaviour) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(behaviour.status(served.incrementAndGet()), -1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    int port = server.getAddress().getPort();
    return new OpenLoad(port, 2, new Random(1)).run(i -> REQUEST, 300, SECOND);
  }

  @Test
  void aStallIsInTheTimesOfAllWhoWouldHaveComeInItAndNotOfTheFewWhoWereConnected() {
    OpenLoad.Answers answers =
        load(request -> {
          if (request == 60) {
            assertThat(never.await(500, TimeUnit.MILLISECONDS)).isFalse();
          }
          return 200;
        });

    assertThat(answers.ms(100)).as("the stall itself").isGreaterThan(400);
    assertThat(answers.ms(75)).as("a quarter of the second's arrivals waited").isGreaterThan(100);
  }

  @Test
  void refusalsAreCountedApart() {
    OpenLoad.Answers answers = load(request -> request % 4 == 0 ? 503 : 200);

    assertThat(answers.arrivals()).isEqualTo(300);
    assertThat(answers.refusedShare()).isBetween(.24, .26);
    assertThat(answers.perSecond()).isBetween(.7 * answers.arrivals(), .76 * answers.arrivals());
  }
}
