package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.journey.ApiClient.Answer;
import dev.palate.journey.ApiClient.Pair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** The main job on the real thing: the demo bundle, the engine, PostgreSQL, HTTP. */
@SharedApplication
class EndToEndTest {

  private static final List<Pair> LABELLED = TersePairs.pairs(0, 8);
  private static final List<Pair> HELD_OUT = TersePairs.pairs(8, 4);

  private final ApiClient api;

  EndToEndTest(@LocalServerPort int port) {
    this.api = new ApiClient(port);
  }

  @BeforeEach
  void forgetAlice() {
    assertThat(api.delete("/users/alice").status()).isEqualTo(204);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void aUsersRewardsMoveTowardHerLabelsAndCarryOverToPairsSheNeverLabelled() {
    double labelledBefore = meanMargin("alice", LABELLED);
    double heldOutBefore = meanMargin("alice", HELD_OUT);

    Answer answer = api.label("alice", 0, LABELLED, "Prefer", "wait=20");

    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    assertThat(answer.body().path("status").asString()).isEqualTo("current");
    assertThat(api.score("alice", LABELLED.getFirst()).path("weights").asString())
        .isEqualTo("personal");
    assertThat(meanMargin("alice", LABELLED)).as("labelled pairs").isGreaterThan(labelledBefore);
    assertThat(meanMargin("alice", HELD_OUT)).as("other pairs").isGreaterThan(heldOutBefore);
  }

  @Test
  void theOppositeLabelsMoveTheSameUserTheOtherWay() {
    double before = meanMargin("alice", HELD_OUT);
    List<Pair> reversed =
        LABELLED.stream().map(p -> new Pair(p.prompt(), p.rejected(), p.chosen())).toList();

    api.label("alice", 0, reversed, "Prefer", "wait=20");

    assertThat(meanMargin("alice", HELD_OUT)).isLessThan(before);
  }

  @Test
  void expertWeightsShowThePriorBeforeAndTheShiftAfterFeedback() {
    JsonNode before = api.get("/users/alice/expert-weights").body();
    assertThat(before.path("status").asString()).isEqualTo("prior");
    assertThat(before.path("version").asInt()).isZero();

    api.label("alice", 0, LABELLED, "Prefer", "wait=20");

    JsonNode after = api.get("/users/alice/expert-weights").body();
    assertThat(after.path("status").asString()).isEqualTo("current");
    assertThat(after.path("labels").asInt()).isEqualTo(LABELLED.size());
    assertThat(after.path("solved_labels").asInt()).isEqualTo(LABELLED.size());
    assertThat(after.path("experts")).hasSize(before.path("experts").size());
    for (JsonNode expert : after.path("experts")) {
      assertThat(expert.path("weight").asDouble())
          .isCloseTo(
              expert.path("prior").asDouble() + expert.path("shift").asDouble(), within(1e-6));
      assertThat(expert.path("uncertainty").asDouble()).isPositive();
      assertThat(expert.path("name").asString()).isNotBlank();
    }
  }

  @Test
  void nobodyElsesScoresMove() {
    double anonymous = meanMargin(null, HELD_OUT);
    double bob = meanMargin("bob", HELD_OUT);

    api.label("alice", 0, LABELLED, "Prefer", "wait=20");

    assertThat(meanMargin(null, HELD_OUT)).isCloseTo(anonymous, within(1e-2));
    assertThat(meanMargin("bob", HELD_OUT)).isCloseTo(bob, within(1e-2));
  }

  @Test
  void contributionsAddUpToTheReward() {
    api.label("alice", 0, LABELLED, "Prefer", "wait=20");

    for (JsonNode response : api.score("alice", HELD_OUT.getFirst()).path("responses")) {
      double sum = 0;
      for (JsonNode expert : response.path("experts")) {
        sum += expert.path("contribution").asDouble();
      }
      assertThat(sum).isCloseTo(response.path("reward").asDouble(), within(1e-6));
    }
  }

  @Test
  void anErasedUserIsServedByThePriorAgain() {
    double before = meanMargin("alice", HELD_OUT);
    api.label("alice", 0, LABELLED, "Prefer", "wait=20");

    assertThat(api.delete("/users/alice").status()).isEqualTo(204);

    assertThat(api.get("/users/alice/expert-weights").body().path("status").asString())
        .isEqualTo("prior");
    assertThat(meanMargin("alice", HELD_OUT)).isCloseTo(before, within(1e-2));
  }

  private double meanMargin(String user, List<Pair> pairs) {
    return pairs.stream().mapToDouble(pair -> api.margin(user, pair)).average().orElseThrow();
  }
}
