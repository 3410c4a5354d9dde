package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.journey.ApiClient;
import dev.palate.reliability.Reliability;
import dev.palate.tier.LongForm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two replicas on one database, all of which are killed: what was acknowledged stays. {@code
 * -Dpalate.chaos=full} is the large form.
 */
class CrashIT {

  private static final boolean FULL = "full".equals(System.getProperty("palate.chaos"));

  private static ChaosCluster cluster;
  private static Seed seed;

  @BeforeAll
  static void start() {
    seed = Seed.ofThisRun();
    cluster = ChaosCluster.start("crash", 2);
  }

  @AfterAll
  static void stop() {
    Optional.ofNullable(cluster).ifPresent(ChaosCluster::close);
  }

  @Test
  void killedRightAfterTheyAcknowledgedServiceAndDatabaseLoseNothingAndCatchUp() throws Exception {
    History history = new History();
    for (LabelSet set : new Workload(seed.random("killed")).sets("killed-", 30, 6)) {
      history.sends(set);
      assertThat(cluster.replica(0).client().post(set.path(), set.json()).status()).isEqualTo(202);
      history.acknowledged(set);
    }
    cluster.replica(0).kill();
    cluster.database().kill();

    cluster.database().startAgain();
    cluster.replica(0).start();

    Verdict verdict = Checker.settle(cluster, history, "killed-");
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    Reliability.record(
        13, "kill -9 of a replica and of PostgreSQL after the last 202", verdict.toString());
  }

  @Test
  void aLabelSetSentFiftyTimesAtOnceIsStoredOnce() throws Exception {
    LabelSet set = new Workload(seed.random("fifty")).set("fifty", 0, 3);
    History history = new History();
    history.sends(set);
    history.acknowledged(set);

    List<ApiClient.Answer> answers = atOnce(50, i -> set);

    assertThat(answers).allMatch(answer -> answer.status() == 202);
    assertThat(
            answers.stream()
                .map(a -> a.body().path("accepted").asInt() + a.body().path("duplicates").asInt()))
        .containsOnly(3);
    assertThat(answers.stream().mapToInt(a -> a.body().path("accepted").asInt()).sum())
        .isEqualTo(3);
    assertThat(
            answers.stream()
                .map(a ->
                    List.of(
                        a.body().path("labels").asInt(), a.body().path("feedback_seq").asInt())))
        .containsOnly(List.of(3, 3));
    Verdict verdict = Checker.settle(cluster, history, "fifty");
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    Reliability.record(
        14, "one label set 50 times at once to two replicas", "stored once; " + verdict);
  }

  /** The word of one of them counts, and all the others hear that theirs does not. */
  @Test
  void ofFiftyContentsUnderOneIdSentAtOnceOneIsStoredWhole() throws Exception {
    Workload workload = new Workload(seed.random("contested"));
    List<LabelSet> sets =
        IntStream.range(0, 50)
            .mapToObj(i -> {
              SentLabel label = workload.set("contested", 0, 1).labels().getFirst();
              SentLabel own =
                  new SentLabel(
                      "contested", "own-" + i, label.prompt(), label.chosen(), label.rejected(), 1);
              SentLabel shared =
                  new SentLabel(
                      "contested", "shared", "Prompt " + i, label.chosen(), label.rejected(), 1);
              return new LabelSet("contested", List.of(own, shared));
            })
            .toList();
    History history = new History();

    List<ApiClient.Answer> answers = atOnce(50, sets::get);

    assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(1);
    assertThat(answers.stream().filter(answer -> answer.status() != 202))
        .allMatch(answer ->
            answer.status() == 409
                && answer.body().path("code").asString().equals("label_conflict"));
    for (int i = 0; i < 50; i++) {
      if (answers.get(i).status() == 202) {
        history.sends(sets.get(i));
        history.acknowledged(sets.get(i));
      }
    }
    Verdict verdict = Checker.settle(cluster, history, "contested");
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    Reliability.record(
        14, "one id with 50 contents at once to two replicas", "one stored, 49 x 409; " + verdict);
  }

  /** Replica i % 2 is sent the i-th, all at the same moment. */
  private static List<ApiClient.Answer> atOnce(
      int count, java.util.function.IntFunction<LabelSet> sets) throws Exception {
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<ApiClient.Answer>> sends = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        LabelSet set = sets.apply(i);
        ApiClient client = cluster.replica(i % 2).client();
        sends.add(() -> client.post(set.path(), set.json()));
      }
      List<ApiClient.Answer> answers = new ArrayList<>();
      for (Future<ApiClient.Answer> answer : senders.invokeAll(sends)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  @Test
  @LongForm
  void whateverTheNemesisDoesEveryAcknowledgedLabelIsInTheWeightsOnce() throws Exception {
    Duration spread = FULL ? Duration.ofSeconds(150) : Duration.ofSeconds(20);
    List<LabelSet> sets =
        new Workload(seed.random("workload")).sets("jepsen-", FULL ? 1_000 : 60, FULL ? 20 : 6);
    History history = new History();
    String done;
    try (Clients clients = new Clients(cluster, history, sets, FULL ? 32 : 8, spread);
        Nemesis nemesis = new Nemesis(cluster, seed.random("nemesis"), FULL ? 4 : 1, spread)) {
      clients.start(seed.random("clients"));
      nemesis.run();
      done = nemesis.done();
      // the long form's 20,000 labels take two cores minutes after the last trouble
      Duration patience = Duration.ofSeconds(FULL ? 900 : 90);
      assertThat(clients.awaitDone(patience)).as("all were acknowledged").isTrue();
    }

    Verdict verdict = Checker.settle(cluster, history, "jepsen-");
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(history.unexpected()).isEmpty();
    Reliability.record(
        16,
        "two replicas, %d users x %d labels, %s".formatted(FULL ? 1_000 : 60, FULL ? 20 : 6, done),
        verdict + ", %d sent again".formatted(history.retried()));
  }

  /**
   * One replica after another is stopped in an orderly way and started from the new version; where
   * another version is given, that one is rolled out first.
   */
  @Test
  @LongForm
  void aRolloutUnderLoadLosesNothingAndShowsNoErrors() throws Exception {
    List<Path> versions =
        Stream.concat(ChaosCluster.otherJar().stream(), Stream.of(ChaosCluster.jar())).toList();
    List<LabelSet> sets = new Workload(seed.random("rollout")).sets("rollout-", 40, 6);
    History history = new History();
    Duration spread = Duration.ofSeconds(20L * versions.size());
    try (Clients clients = new Clients(cluster, history, sets, 8, spread)) {
      clients.start(seed.random("rollout clients"));
      for (Path version : versions) {
        for (int i = 0; i < cluster.size(); i++) {
          cluster.replica(i).terminate();
          cluster.replica(i).changeTo(version);
          cluster.replica(i).start();
        }
      }
      assertThat(clients.awaitDone(Duration.ofSeconds(90))).as("all were acknowledged").isTrue();
    }

    Verdict verdict = Checker.settle(cluster, history, "rollout-");
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    assertThat(history.unexpected()).isEmpty();
    Reliability.record(
        22,
        versions.size() == 1
            ? "two replicas restarted one after the other under load"
            : "another version and then this one rolled out under load",
        verdict + ", %d sent again".formatted(history.retried()));
  }
}
