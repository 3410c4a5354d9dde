package dev.palate.server.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.adaptation.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FeedbackTest extends ServiceTest {

  @Test
  void acceptedLabelsAreAnsweredWith202AndWhereTheWeightsWillBe() throws Exception {
    Answer answer = label(one("l1", "a", "b") + "," + one("l2", "aa", "b"));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Location")).isEqualTo("/users/" + user + "/expert-weights");
    JsonNode receipt = answer.json();
    assertThat(receipt.path("user").asString()).isEqualTo(user);
    assertThat(receipt.path("accepted").asInt()).isEqualTo(2);
    assertThat(receipt.path("duplicates").asInt()).isZero();
    assertThat(receipt.path("labels").asInt()).isEqualTo(2);
    assertThat(receipt.path("feedback_seq").asInt()).isEqualTo(2);
    assertThat(receipt.path("weights_version").asInt()).isZero();
    assertThat(receipt.path("status").asString()).isEqualTo("pending");
  }

  @Test
  void theSameLabelsSentFiftyTimesInParallelAreStoredOnce() throws Exception {
    String body =
        IntStream.range(0, 20)
            .mapToObj(i -> one("l" + i, "a" + i, "b"))
            .collect(Collectors.joining(","));
    List<Callable<Answer>> requests = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      requests.add(() -> label(body));
    }

    int accepted = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(requests)) {
        assertThat(answer.get().status()).as(answer.get().response().body()).isEqualTo(202);
        assertThat(answer.get().json().path("labels").asInt()).isEqualTo(20);
        accepted += answer.get().json().path("accepted").asInt();
      }
    }

    assertThat(accepted).isEqualTo(20);
    assertThat(stored("label")).isEqualTo(20);
  }

  @Test
  void theSameIdWithOtherContentIsAConflictAndNothingIsStored() throws Exception {
    label(one("l1", "a", "b"));

    Answer answer = label(one("l2", "a", "b") + "," + one("l1", "a", "c"));

    assertThat(answer.problem()).isEqualTo("409 label_conflict labels[1].id");
    assertThat(stored("label")).isEqualTo(1);
  }

  @Test
  void aConflictInTheFirstRequestDoesNotEvenLeaveTheUser() throws Exception {
    Answer answer = label(one("l1", "a", "b") + "," + one("l1", "a", "c"));

    assertThat(answer.problem()).isEqualTo("409 label_conflict labels[1].id");
    assertThat(weights().path("status").asString()).isEqualTo("prior");
  }

  @Test
  void aLabelTwiceInOneRequestIsOneLabelAndOneDuplicate() throws Exception {
    JsonNode receipt = label(one("l1", "a", "b") + "," + one("l1", "a", "b")).json();

    assertThat(receipt.path("accepted").asInt()).isEqualTo(1);
    assertThat(receipt.path("duplicates").asInt()).isEqualTo(1);
  }

  @Test
  void aLabelWithoutAnIdIsNamedByItsContent() throws Exception {
    String unnamed = "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}";
    label(unnamed);

    assertThat(label(unnamed).json().path("duplicates").asInt()).isEqualTo(1);
    assertThat(get("/users/" + user + "/feedback").json().at("/labels/0/id").asString())
        .matches("c-[0-9a-f]{64}");
  }

  @Test
  void duplicatesAloneRaiseNoSequenceAndMakeNoWork() throws Exception {
    labelAndSolve(one("l1", "a", "b"));

    JsonNode receipt = label(one("l1", "a", "b")).json();

    assertThat(receipt.path("feedback_seq").asInt()).isEqualTo(1);
    assertThat(receipt.path("status").asString()).isEqualTo("current");
    assertThat(weights().path("version").asInt()).isEqualTo(1);
  }

  @Test
  void otherStrengthIsOtherContent() throws Exception {
    label(one("l1", "a", "b"));

    Answer answer =
        label(
            "{\"id\": \"l1\", \"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"strength\": 0.5}");

    assertThat(answer.status()).isEqualTo(409);
  }

  @Test
  void chatPromptsAreTakenInTheirCanonicalForm() throws Exception {
    label(
        "{\"id\": \"l1\", \"prompt\": [{\"role\": \"user\", \"content\": \"p\"}], \"chosen\": \"a\", \"rejected\": \"b\"}");

    assertThat(label(one("l1", "a", "b")).json().path("duplicates").asInt()).isEqualTo(1);
  }

  @Test
  void aRepeatedIdempotencyKeyGivesTheFirstAnswerAgain() throws Exception {
    Answer first = label(one("l1", "a", "b"), "Idempotency-Key", "k1");
    labelAndSolve(one("l2", "a", "b"));

    Answer again = label(one("l1", "a", "b"), "Idempotency-Key", "k1");

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).isEqualTo(first.json());
  }

  @Test
  void anIdempotencyKeyUsedForAnotherBodyIsRefusedAndNothingIsStored() throws Exception {
    label(one("l1", "a", "b"), "Idempotency-Key", "k1");

    Answer answer = label(one("l2", "a", "b"), "Idempotency-Key", "k1");

    assertThat(answer.problem()).isEqualTo("409 idempotency_conflict Idempotency-Key");
    assertThat(stored("label")).isEqualTo(1);
  }

  @Test
  void pagesNeitherRepeatNorSkipLabels() throws Exception {
    label(
        IntStream.range(0, 7)
            .mapToObj(i -> one("l" + i, "a" + i, "b"))
            .collect(Collectors.joining(",")));

    List<String> ids = new ArrayList<>();
    String next = "";
    do {
      String after = next.isEmpty() ? "" : "&after=" + next;
      JsonNode page = get("/users/" + user + "/feedback?limit=3" + after).json();
      page.path("labels").forEach(label -> ids.add(label.path("id").asString()));
      next = page.path("next").isNull() ? "" : page.path("next").asString();
    } while (!next.isEmpty());

    assertThat(ids).containsExactly("l0", "l1", "l2", "l3", "l4", "l5", "l6");
  }

  @Test
  void aDeletedLabelLeavesTheWeights() throws Exception {
    double alone = shift(labelAndSolve(one("l1", "a", "b")), 0);
    labelAndSolve(one("l2", "aaaa", "b"));

    assertThat(send("DELETE", "/users/" + user + "/feedback/l2", "").status()).isEqualTo(204);

    JsonNode back = awaitSolvedLabels(1);
    assertThat(shift(back, 0)).isEqualTo(alone);
  }

  @Test
  void withoutLabelsLeftTheWeightsAreThePriorAgain() throws Exception {
    labelAndSolve(one("l1", "a", "b"));

    send("DELETE", "/users/" + user + "/feedback/l1", "");

    JsonNode back = awaitSolvedLabels(0);
    assertThat(back.path("labels").asInt()).isZero();
    assertThat(back.path("agreement").isNull()).isTrue();
    assertThat(shift(back, 0)).isEqualTo((double) 0.1f);
  }

  @Test
  void aLabelWhoseIdHoldsASlashCanBeDeleted() throws Exception {
    labelAndSolve(one("session/7 a", "a", "b"));

    String path = "/users/" + user + "/feedback/session%2F7%20a";
    assertThat(send("DELETE", path, "").status()).isEqualTo(204);

    assertThat(stored("label")).isZero();
  }

  @Test
  void aLabelThatIsNotThereCannotBeDeleted() throws Exception {
    assertThat(send("DELETE", "/users/" + user + "/feedback/none", "").problem())
        .isEqualTo("404 not_found -");
  }

  private JsonNode awaitSolvedLabels(int labels) {
    org.awaitility.Awaitility.await()
        .until(() ->
            weights().path("status").asString().equals("current")
                && weights().path("solved_labels").asInt() == labels);
    try {
      return weights();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
