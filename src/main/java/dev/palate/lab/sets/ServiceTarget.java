package dev.palate.lab.sets;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The model of a running service, asked over its API. Made users are stored there as {@value
 * #USERS}, a name of this run and a number, and erased when they are closed.
 */
final class ServiceTarget implements ScoringTarget {

  static final String USERS = "palate-evaluation-";

  private static final int POLLS = 600;
  private static final Duration POLL = Duration.ofMillis(100);

  private final ServiceConnection service;
  private final String name;
  private final String version;
  private final int experts;
  private final String run = UUID.randomUUID().toString();
  private int users;

  /**
   * @throws TargetException where no service answers
   */
  ServiceTarget(ServiceConnection service) {
    this.service = service;
    JsonNode model = service.get("/model");
    if (!model.hasNonNull("model") || !model.hasNonNull("experts")) {
      throw new TargetException("What answers at --url is not Palate: GET /model names no model");
    }
    this.name = model.path("model").asString();
    this.version = model.path("model_version").asString();
    this.experts = model.path("experts").asInt();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public int expertCount() {
    return experts;
  }

  @Override
  public double[] margins(List<TextPair> pairs) {
    return margins(pairs, null);
  }

  @Override
  public SimulatedUser newUser() {
    users++;
    return new User("%s%s-%d".formatted(USERS, run, users));
  }

  @Override
  public void close() {
    service.close();
  }

  private double[] margins(List<TextPair> pairs, @Nullable String user) {
    return pairs.stream().mapToDouble(pair -> margin(pair, user)).toArray();
  }

  private double margin(TextPair pair, @Nullable String user) {
    ObjectNode request = JsonMapper.shared().createObjectNode();
    if (user != null) {
      request.put("user", user);
    }
    putPrompt(request, pair);
    request.putArray("responses").add(pair.first()).add(pair.second());
    request.put("explain", false);
    JsonNode answer = service.post("/score", request);
    for (int poll = 0; poll < POLLS && answer.path("weights").asString().equals("stale"); poll++) {
      pause();
      answer = service.post("/score", request);
    }
    if (!answer.path("model_version").asString().equals(version)) {
      throw new TargetException("The service changed its model during the evaluation");
    }
    JsonNode responses = answer.path("responses");
    return responses.required(0).required("reward").asDouble()
        - responses.required(1).required("reward").asDouble();
  }

  private static void putPrompt(ObjectNode to, TextPair pair) {
    var messages = to.putArray("prompt");
    pair.messages()
        .forEach(message ->
            messages.addObject().put("role", message.role()).put("content", message.content()));
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TargetException("Interrupted");
    }
  }

  private final class User implements SimulatedUser {

    private final String id;
    private int labels;
    private int significant;

    User(String id) {
      this.id = id;
    }

    @Override
    public void learn(List<Label> more) {
      if (more.isEmpty()) {
        return;
      }
      ObjectNode request = JsonMapper.shared().createObjectNode();
      var array = request.putArray("labels");
      for (Label label : more) {
        TextPair pair = label.pair();
        ObjectNode to = array.addObject();
        putPrompt(to, pair);
        to.put("chosen", label.firstPreferred() ? pair.first() : pair.second());
        to.put("rejected", label.firstPreferred() ? pair.second() : pair.first());
      }
      labels += more.size();
      JsonNode answer = service.post("/users/" + id + "/feedback", request);
      for (int poll = 0; poll < POLLS && !isSolved(answer); poll++) {
        pause();
        answer = service.get("/users/" + id + "/expert-weights");
      }
      if (!isSolved(answer)) {
        throw new TargetException("The service did not solve the made user " + id + " in time");
      }
      significant =
          (int)
              answer
                  .path("experts")
                  .valueStream()
                  .filter(expert -> expert.path("significant").asBoolean())
                  .count();
    }

    /** A receipt of stored labels has no experts. */
    private boolean isSolved(JsonNode answer) {
      return answer.has("experts")
          && answer.path("status").asString().equals("current")
          && answer.path("solved_labels").asInt() == labels;
    }

    @Override
    public double[] margins(List<TextPair> pairs) {
      return ServiceTarget.this.margins(pairs, id);
    }

    @Override
    public int significantExperts() {
      return significant;
    }

    @Override
    public void close() {
      if (labels > 0) {
        service.delete("/users/" + id);
      }
    }
  }
}
