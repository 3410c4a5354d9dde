package dev.palate.chaos;

import dev.palate.journey.ApiClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The same small score asked again and again, of texts that are remembered: what is timed is the
 * way to the user's weights.
 *
 * @param weights the kinds of weights that served, with their versions
 * @param millis of each answer, sorted
 */
record Scored(List<String> weights, double[] millis) {

  /**
   * @param user null: nobody in particular
   */
  static Scored ask(ApiClient client, String user, int times) {
    Map<String, Object> text =
        Map.of("prompt", "Tell me about tides.", "responses", List.of("In short.", "At length."));
    Map<String, Object> body = new java.util.HashMap<>(text);
    if (user != null) {
      body.put("user", user);
    }
    TreeSet<String> weights = new TreeSet<>();
    double[] millis = new double[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      ApiClient.Answer answer = client.post("/score", body);
      millis[i] = (System.nanoTime() - start) / 1e6;
      if (answer.status() != 200) {
        throw new AssertionError("POST /score: " + answer.status() + " " + answer.body());
      }
      weights.add(
          answer.body().path("weights").asString()
              + " "
              + answer.body().path("weights_version").asInt());
    }
    Arrays.sort(millis);
    return new Scored(new ArrayList<>(weights), millis);
  }

  double median() {
    return millis[millis.length / 2];
  }
}
