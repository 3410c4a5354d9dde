package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.journey.ApiClient.Answer;
import dev.palate.reliability.Reliability;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network goes at the moment of a commit, and the client, who has no answer, asks again. */
class CommitIT extends OneReplica {

  @ParameterizedTest
  @EnumSource
  void cutAtTheCommitARetryGivesExactlyOneLabelSet(TcpProxy.At at) throws Exception {
    String user = "commit-" + at;
    // No other part of the traffic holds such an id
    SentLabel label = workload.set(user, 0, 1).labels().getFirst();
    SentLabel marked =
        new SentLabel(
            user,
            "marker-" + at,
            label.prompt(),
            label.chosen(),
            label.rejected(),
            label.strength());
    LabelSet set =
        new LabelSet(user, List.of(marked, workload.set(user, 1, 1).labels().getFirst()));
    solved(user + "-other");
    TcpProxy.Trap trap = replica.network().trap(marked.id(), at);

    history.sends(set);
    CompletableFuture<Answered> first = later(() -> replica.client().post(set.path(), set.json()));
    await().until(trap::hasSprung);
    if (at != TcpProxy.At.LOST_BEFORE_COMMIT) {
      assertThat(first.join().answer().status()).isEqualTo(503);
    }
    int sent = 1;
    Answer again;
    do {
      again = replica.client().post(set.path(), set.json());
      sent++;
      assertThat(again.status()).isIn(202, 503);
    } while (again.status() == 503 && sent < 20);

    assertThat(again.status()).isEqualTo(202);
    history.acknowledged(set);
    assertThat(again.body().path("accepted").asInt())
        .as("stored by the retry")
        .isEqualTo(at == TcpProxy.At.AFTER_COMMIT ? 0 : 2);
    Verdict verdict = Checker.settle(cluster, history, user);
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    Reliability.record(
        21,
        "database " + at.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        "one label set after sending it %d times; %s".formatted(sent, verdict));
  }
}
