package dev.palate.core.model.remote;

import static dev.palate.core.model.remote.EmbeddingsServer.body;
import static dev.palate.core.model.remote.EmbeddingsServer.closed;
import static dev.palate.core.model.remote.EmbeddingsServer.status;
import static dev.palate.core.model.remote.EmbeddingsServer.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.model.remote.RemoteEncoder.Row;
import dev.palate.core.model.remote.RemoteEncoderException.Cause;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real HTTP, with every trouble that a server can make. */
class RemoteEncoderTest {
  private static final int ROOM = 1000;

  private final EmbeddingsServer server = new EmbeddingsServer();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aTextsRowIsItsEmbeddingOfLengthOneWhateverOrderAndScaleTheServerHas() {
    server.shuffled().scale(17);
    try (RemoteEncoder encoder = encoder(settings(2, 4, 0))) {
      List<Row> rows = encoder.embed(texts(7), ROOM, null).rows();
      assertThat(rows).hasSize(7);
      for (int i = 0; i < 7; i++) {
        assertThat(rows.get(i).row()).containsExactly(server.expected(text(i)), within(1e-5f));
      }
    }
    assertThat(server.asked()).hasSize(4).allMatch(asked -> asked.texts().size() <= 2);
  }

  @Test
  void base64IsReadToo() {
    server.base64();
    try (RemoteEncoder encoder = encoder(settings(8, 1, 0))) {
      assertThat(encoder.embed(texts(1), ROOM, null).rows().getFirst().row())
          .containsExactly(server.expected(text(0)), within(1e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void whatMayPassIsTriedAgain(int status) {
    server.next(status(status), status(status));
    try (RemoteEncoder encoder = encoder(settings(8, 1, 2))) {
      assertThat(encoder.embed(texts(1), ROOM, null).rows()).hasSize(1);
    }
    assertThat(server.asked()).hasSize(3);
    assertThat(meters.counter("palate.encoder.retries").count()).isEqualTo(2);
    assertThat(meters.timer("palate.encoder.request", "outcome", "busy").count()).isEqualTo(2);
    assertThat(meters.timer("palate.encoder.request", "outcome", "ok").count()).isEqualTo(1);
  }

  @Test
  void aBrokenConnectionIsTriedAgain() {
    server.next(closed());
    try (RemoteEncoder encoder = encoder(settings(8, 1, 1))) {
      assertThat(encoder.embed(texts(1), ROOM, null).rows()).hasSize(1);
    }
    assertThat(server.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 500, 301})
  void whatDoesNotPassIsNot(int status) {
    server.next(status(status));
    fails(settings(8, 1, 3), null, Cause.MISFIT, "" + status);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void triesEnd() {
    server.next(status(503), status(503), status(503), status(503));
    fails(settings(8, 1, 2), null, Cause.UNAVAILABLE, "503, 3 times");
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void nobodyComesBackBeforeTheServersRetryAfter() {
    server.next(status(503, "Retry-After", "1"));
    try (RemoteEncoder encoder = encoder(settings(8, 1, 1))) {
      encoder.embed(texts(1), ROOM, null).rows();
    }
    assertThat(server.asked().get(1).nanos() - server.asked().get(0).nanos())
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void aRetryAfterBeyondTheDeadlineIsHandedOnAtOnce() {
    server.next(status(429, "Retry-After", "4"));
    RemoteEncoderException e =
        fails(settings(8, 1, 3), Instant.now().plusSeconds(3), Cause.UNAVAILABLE, "429");
    assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(4));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aLongRetryAfterIsHandedOnAtOnceAlthoughThereWereTime() {
    server.next(status(503, "Retry-After", "6"));
    RemoteEncoderException e = fails(settings(8, 1, 3), null, Cause.UNAVAILABLE, "503");
    assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(6));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aRetryAfterMayBeADate() {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Instant.now().plusSeconds(120).atZone(ZoneOffset.UTC));
    server.next(status(503, "Retry-After", date));
    RemoteEncoderException e = fails(settings(8, 1, 3), null, Cause.UNAVAILABLE, "503");
    assertThat(e.retryAfter()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(120));
  }

  @Test
  void aServerThatHangsIsLeftAndNotAskedAgain() {
    server.next(server.hang());
    fails(settings(8, 1, 3, Duration.ofMillis(300)), null, Cause.UNAVAILABLE, "in time");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void anAnswerThatDoesNotEndIsLeftToo() {
    server.next(server.hangInTheBody());
    fails(settings(8, 1, 0, Duration.ofMillis(300)), null, Cause.UNAVAILABLE, "in time");
  }

  @Test
  void theCallersDeadlineEndsTheWait() {
    server.next(server.hang());
    fails(settings(8, 1, 3), Instant.now().plusMillis(300), Cause.DEADLINE, "deadline");
  }

  @Test
  void aServerThatIsNotThereIsSaidToBe() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    RemoteEncoderSettings nowhere =
        new RemoteEncoderSettings(
            URI.create("http://127.0.0.1:" + port),
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            8,
            1,
            1);
    fails(nowhere, null, Cause.UNAVAILABLE, "cannot be reached");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json",
        "[]",
        "{\"data\": []}",
        "{\"data\": [{\"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 1, \"embedding\": [1, 2]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": []}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": [\"1\"]}]}",
        "{\"data\": [{\"index\": 0, \"embedding\": \"AAA\"}]}"
      })
  void anAnswerThatIsNoneIsRefused(String answer) {
    server.next(body(answer));
    fails(settings(8, 1, 3), null, Cause.MISFIT, "its answer");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void embeddingsOfDifferentLengthsAreRefused() {
    server.next(
        body(
            "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, \"embedding\": [1, 2]}]}"));
    try (RemoteEncoder encoder = encoder(settings(8, 1, 0))) {
      assertThatThrownBy(() -> encoder.embed(texts(2), ROOM, null))
          .hasMessageContaining("different lengths");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "null", "1e60", "Infinity"})
  void aNumberThatIsNoneSpoilsItsOwnTextAlone(String number) {
    server.next(
        body(
            "{\"data\": [{\"index\": 0, \"embedding\": [1, %s]}, {\"index\": 1, \"embedding\": [3, 4]}]}"
                .formatted(number)));
    try (RemoteEncoder encoder = encoder(settings(8, 1, 0))) {
      List<Row> rows = encoder.embed(texts(2), ROOM, null).rows();
      assertThat(rows.get(0).finite()).isFalse();
      assertThat(rows.get(1).row()).containsExactly(0.6f, 0.8f);
    }
  }

  @Test
  void noMoreRequestsAreUnderWayThanAllowedWhoeverCalls() {
    CountDownLatch open = new CountDownLatch(1);
    server.next(waitFor(open), waitFor(open), waitFor(open));
    try (RemoteEncoder encoder = encoder(settings(1, 3, 0))) {
      List<CompletableFuture<List<Row>>> calls =
          IntStream.range(0, 4)
              .mapToObj(i ->
                  CompletableFuture.supplyAsync(
                      () -> encoder.embed(texts(5), ROOM, null).rows(), Thread::startVirtualThread))
              .toList();
      while (server.asked().size() < 3) {
        Thread.onSpinWait();
      }
      open.countDown();
      calls.forEach(call -> assertThat(call.join()).hasSize(5));
    }
    assertThat(server.asked()).hasSize(20);
    assertThat(server.mostUnderWay()).isEqualTo(3);
  }

  @Test
  void textsThatTheServerFindsTooLongAreCutAndTheOthersAreNot() {
    server.mostCharacters(200);
    String longText = "birch ".repeat(100) + "end";
    try (RemoteEncoder encoder = encoder(settings(8, 1, 0))) {
      List<Row> rows =
          encoder
              .embed(List.of(RemoteText.lone(text(0)), RemoteText.lone(longText)), ROOM, null)
              .rows();
      assertThat(rows.get(0).cut()).isFalse();
      assertThat(rows.get(1).cut()).isTrue();
      assertThat(rows.get(1).finite()).isTrue();
    }
    assertThat(server.asked().getLast().texts().getFirst())
        .hasSizeLessThanOrEqualTo(200)
        .startsWith("birch")
        .endsWith("end");
  }

  @Test
  void aTextThatIsRefusedAtAnyLengthFailsAlone() {
    server.mostCharacters(10);
    try (RemoteEncoder encoder = encoder(settings(8, 1, 0))) {
      List<Row> rows =
          encoder
              .embed(
                  List.of(RemoteText.lone("birch ".repeat(100)), RemoteText.lone("short")),
                  ROOM,
                  null)
              .rows();
      assertThat(rows.get(0).finite()).isFalse();
      assertThat(rows.get(1).finite()).isTrue();
      assertThat(encoder.counts().poisoned()).isEqualTo(1);
    }
  }

  @Test
  void theKeyIsSentAndShownNowhere() {
    server.key("s3cret-key");
    RemoteEncoderSettings with = RemoteEncoderSettings.of(server.url(), "s3cret-key\n");
    try (RemoteEncoder encoder = encoder(with)) {
      assertThat(encoder.embed(texts(1), ROOM, null).rows()).hasSize(1);
    }
    assertThat(with.toString()).doesNotContain("s3cret");
    fails(
        RemoteEncoderSettings.of(server.url(), null), null, Cause.MISFIT, "PALATE_ENCODER_API_KEY");
  }

  @Test
  void aCallerThatIsInterruptedLeavesAtOnce() throws InterruptedException {
    server.next(server.hang(), server.hang());
    try (RemoteEncoder encoder = encoder(settings(1, 2, 0))) {
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            try {
              encoder.embed(texts(2), ROOM, null);
            } catch (Throwable e) {
              ended.complete(e);
            }
          });
      while (server.asked().size() < 2) {
        Thread.onSpinWait();
      }
      caller.interrupt();
      assertThat(ended.join()).isInstanceOf(CancellationException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host", "host:80", "http://user:word@host", "http://host?key=1", "http:/x"})
  void aUrlThatIsNoneIsRefused(String url) {
    assertThatThrownBy(() -> RemoteEncoderSettings.of(URI.create(url), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'url'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"})
  void aBaseUrlMayEndAsOpenAisDo(String url) {
    assertThat(RemoteEncoderSettings.of(URI.create(url), null).endpoint())
        .hasToString("http://h:1/v1/embeddings");
  }

  private RemoteEncoderException fails(
      RemoteEncoderSettings settings, @Nullable Instant deadline, Cause why, String message) {
    try (RemoteEncoder encoder = encoder(settings)) {
      encoder.embed(texts(1), ROOM, deadline);
      throw new AssertionError("it answered");
    } catch (RemoteEncoderException e) {
      assertThat(e.why()).isEqualTo(why);
      assertThat(e).hasMessageContaining(message).message().doesNotContain("spruce");
      return e;
    }
  }

  private RemoteEncoder encoder(RemoteEncoderSettings settings) {
    return new RemoteEncoder(
        settings,
        EmbeddingsServer.MODEL,
        new RemoteMeters(meters),
        new Random(1),
        Clock.systemUTC());
  }

  private RemoteEncoderSettings settings(int batchSize, int maxConcurrency, int retries) {
    return settings(batchSize, maxConcurrency, retries, Duration.ofSeconds(20));
  }

  private RemoteEncoderSettings settings(
      int batchSize, int maxConcurrency, int retries, Duration timeout) {
    return new RemoteEncoderSettings(
        server.url(), null, Duration.ofSeconds(2), timeout, batchSize, maxConcurrency, retries);
  }

  private static String text(int i) {
    return "spruce number " + i;
  }

  private static List<RemoteText> texts(int n) {
    return IntStream.range(0, n).mapToObj(i -> RemoteText.lone(text(i))).toList();
  }
}
