package dev.palate.journey;

import dev.palate.journey.ApiClient.Pair;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Prepared requests of benchmarks. */
final class Requests {

  private static final JsonMapper JSON = new JsonMapper();
  static final String PROMPT =
      "Should a city close its centre to private cars, and if so, from what year on?";
  private static final List<String> ANSWERS =
      List.of(
          "Yes, in steps: first the old town, then the ring road's inside, with residents' permits"
              + " that end over ten years and buses that come every five minutes from the start.",
          "No. A toll that follows the hour does the same work without a ban, pays for the tram, and"
              + " leaves those who must drive, carers and craftsmen among them, free to do so.");

  private Requests() {}

  /**
   * {@code POST /score} of a prompt and two responses that are always the same.
   *
   * @param user null: nobody in particular
   */
  static byte[] score(String user, boolean explain, String prompt) {
    return HttpLine.post("/score", scoreBody(user, explain, prompt, ANSWERS));
  }

  /** {@code POST /score} of a prompt and two responses, none of which any other number gives. */
  static byte[] newScore(int number) {
    String mark = " (" + number + ")";
    List<String> answers = ANSWERS.stream().map(answer -> answer + mark).toList();
    return HttpLine.post("/score", scoreBody(null, true, PROMPT + mark, answers));
  }

  /** What {@link #score} sends to another path. */
  static byte[] scoreTo(String path) {
    return HttpLine.post(path, scoreBody(null, true, PROMPT, ANSWERS));
  }

  private static String scoreBody(
      String user, boolean explain, String prompt, List<String> answers) {
    ObjectNode body = JSON.createObjectNode().put("prompt", prompt);
    if (user != null) {
      body.put("user", user);
    }
    if (!explain) {
      body.put("explain", false);
    }
    answers.forEach(body.putArray("responses")::add);
    return body.toString();
  }

  /** {@code POST /users/<user>/feedback} of a user who is terse. */
  static byte[] feedback(String user, int labels) {
    return HttpLine.post(
        "/users/" + user + "/feedback", labelsBody(0, tersePairs(labels)).toString());
  }

  /** Labels with the ids {@code firstId}, {@code firstId + 1}, ... */
  static ObjectNode labelsBody(int firstId, List<Pair> pairs) {
    ObjectNode body = JSON.createObjectNode();
    var labels = body.putArray("labels");
    for (int i = 0; i < pairs.size(); i++) {
      Pair pair = pairs.get(i);
      labels
          .addObject()
          .put("id", "l" + (firstId + i))
          .put("prompt", pair.prompt())
          .put("chosen", pair.chosen())
          .put("rejected", pair.rejected());
    }
    return body;
  }

  /** As many pairs as asked for: the few that there are, over and over. */
  static List<Pair> tersePairs(int count) {
    List<Pair> all = TersePairs.pairs(0, TersePairs.size());
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pairs.add(all.get(i % all.size()));
    }
    return pairs;
  }
}
