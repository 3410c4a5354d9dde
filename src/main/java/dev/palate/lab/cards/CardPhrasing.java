package dev.palate.lab.cards;

import dev.palate.core.bundle.ExpertCard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a chat endpoint to say a counted card in better words. What it answers is checked; a card
 * whose answer cannot be used keeps its counted words, and the first failure of the endpoint itself
 * ends the asking.
 */
public final class CardPhrasing {

  private static final int SENTENCE_LIMIT = 400;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private static final String INSTRUCTION =
      """
      You put into plain words what was measured about one expert of a reward model. You get a name and a sentence made of
      counts. Say the same so that a person who knows nothing of machine learning understands what this expert judges and
      what it prefers. Add nothing that the counts do not say, and keep the strongest percentage. Answer with JSON only:
      {"name": "fewer than %d characters, not one of names_taken", "description": "one sentence of at most %d characters"}\
      """
          .formatted(CardText.NAME_LIMIT, SENTENCE_LIMIT);

  private final HttpClient client;
  private final URI endpoint;
  private final String model;
  private final @Nullable String key;

  /** An answer that is no card's words. */
  private static final class UnusableAnswer extends Exception {
    private static final long serialVersionUID = 1;

    UnusableAnswer(String message) {
      super(message);
    }
  }

  /**
   * @param endpoint of chat completions
   * @param model empty: the endpoint's own
   * @param key sent as a bearer token; null: none is sent
   */
  public CardPhrasing(HttpClient client, URI endpoint, String model, @Nullable String key) {
    this.client = client;
    this.endpoint = endpoint;
    this.model = model;
    this.key = key;
  }

  /**
   * @param problems told of every card that keeps its counted words
   * @return the cards in their order, with names that differ
   */
  public List<ExpertCard> phrase(List<ExpertCard> cards, Consumer<String> problems) {
    List<ExpertCard> phrased = new ArrayList<>(cards);
    for (int i = 0; i < cards.size(); i++) {
      try {
        phrased.set(i, phrase(cards.get(i), names(phrased)));
      } catch (UnusableAnswer e) {
        problems.accept(
            "expert %d keeps its counted words: %s"
                .formatted(cards.get(i).expert(), e.getMessage()));
      } catch (IOException e) {
        problems.accept(
            "experts from %d on keep their counted words: %s: %s"
                .formatted(cards.get(i).expert(), endpoint, e.getMessage()));
        break;
      }
    }
    return phrased;
  }

  private static Set<String> names(List<ExpertCard> cards) {
    Set<String> names = new HashSet<>();
    cards.forEach(card -> names.add(card.name()));
    return names;
  }

  private ExpertCard phrase(ExpertCard card, Set<String> taken) throws IOException, UnusableAnswer {
    Set<String> others = new HashSet<>(taken);
    others.remove(card.name());
    JsonNode words = words(ask(card, others));
    String name = line(words, "name", CardText.NAME_LIMIT - 1);
    if (others.contains(name)) {
      throw new UnusableAnswer("the name '" + name + "' is another expert's");
    }
    return new ExpertCard(
        card.expert(),
        name,
        line(words, "description", SENTENCE_LIMIT),
        card.usage(),
        card.domains(),
        card.examples(),
        card.fidelity());
  }

  private String ask(ExpertCard card, Set<String> others) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(card, others)));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("it answered with status " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String body(ExpertCard card, Set<String> others) {
    Map<String, Object> counted =
        Map.of(
            "name", card.name(),
            "sentence", card.description(),
            "domains", card.domains(),
            "names_taken", others.stream().sorted().toList());
    var body =
        JSON.createObjectNode()
            .put("temperature", 0)
            .set(
                "messages",
                JSON.valueToTree(
                    List.of(
                        Map.of("role", "system", "content", INSTRUCTION),
                        Map.of("role", "user", "content", JSON.writeValueAsString(counted)))));
    return (model.isEmpty() ? body : body.put("model", model)).toString();
  }

  /** The object in the first choice's text, which some models wrap in a code block. */
  private static JsonNode words(String answer) throws UnusableAnswer {
    try {
      String content = JSON.readTree(answer).at("/choices/0/message/content").asString("");
      return JSON.readTree(
          content.substring(
              Math.max(0, content.indexOf('{')),
              Math.max(content.indexOf('{'), content.lastIndexOf('}')) + 1));
    } catch (JacksonException | StringIndexOutOfBoundsException e) {
      throw new UnusableAnswer("the answer is no JSON");
    }
  }

  private static String line(JsonNode words, String field, int limit) throws UnusableAnswer {
    String text = words.path(field).asString("").strip();
    if (text.isEmpty() || text.length() > limit || text.chars().anyMatch(Character::isISOControl)) {
      throw new UnusableAnswer(
          "its '%s' is not one line of 1 to %d characters".formatted(field, limit));
    }
    return text;
  }
}
