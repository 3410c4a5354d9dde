package dev.palate.lab.cards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.ExpertCard.Fidelity;
import dev.palate.lab.bundling.PhrasingOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CardPhrasingTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Fidelity FIDELITY = new Fidelity(0.8, 0.7, 0.9, 0.3, 100);
  private static final List<ExpertCard> COUNTED = List.of(card(0, "Taxes"), card(1, "Ships"));

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<JsonNode> asked = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final HttpServer server;

  private record Answer(int status, String body) {}

  CardPhrasingTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    client.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
    keys.add(exchange.getRequestHeaders().getFirst("Authorization") + "");
    Answer answer = answers.get(asked.size() - 1);
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void nameAndSentenceAreReplacedAndAllElseIsKept() {
    answers.add(says("{\"name\": \"Fair taxes\", \"description\": \"It likes fair taxes.\"}"));
    answers.add(says("```json\n{\"name\": \"Boats\", \"description\": \"It likes boats.\"}\n```"));

    assertThat(phrase("secret"))
        .containsExactly(
            new ExpertCard(
                0, "Fair taxes", "It likes fair taxes.", 0.5, List.of("d"), List.of("p"), FIDELITY),
            new ExpertCard(
                1, "Boats", "It likes boats.", 0.5, List.of("d"), List.of("p"), FIDELITY));
    assertThat(problems).isEmpty();
  }

  @Test
  void theEndpointGetsTheModelTheKeyAndTheCountedWords() {
    answers.add(says("{\"name\": \"a\", \"description\": \"b\"}"));
    answers.add(says("{\"name\": \"c\", \"description\": \"d\"}"));
    phrase("secret");

    assertThat(keys).containsOnly("Bearer secret");
    assertThat(asked.getFirst().path("model").asString()).isEqualTo("some-model");
    String counted = asked.getFirst().at("/messages/1/content").asString();
    assertThat(JSON.readTree(counted).path("sentence").asString()).isEqualTo("Taxes, counted.");
    assertThat(asked.get(1).at("/messages/1/content").asString())
        .contains("\"names_taken\":[\"a\"]");
  }

  @Test
  void withoutAKeyNoneIsSent() {
    answers.add(says("{\"name\": \"a\", \"description\": \"b\"}"));
    answers.add(says("{\"name\": \"c\", \"description\": \"d\"}"));
    phrase(null);
    assertThat(keys).containsOnly("null");
  }

  @Test
  void anAnswerThatCannotBeUsedKeepsTheCountedWordsOfItsCardAlone() {
    answers.add(says("I would call it: taxes."));
    answers.add(says("{\"name\": \"Boats\", \"description\": \"It likes boats.\"}"));

    assertThat(phrase(null)).extracting(ExpertCard::name).containsExactly("Taxes", "Boats");
    assertThat(problems).singleElement().asString().startsWith("expert 0 keeps its counted words");
  }

  @Test
  void namesThatAreTakenTooLongOrOfSeveralLinesAreNotUsed() {
    for (String name : List.of("Ships", "x".repeat(40), "one\\ntwo", " ")) {
      asked.clear();
      answers.clear();
      problems.clear();
      answers.add(says("{\"name\": \"" + name + "\", \"description\": \"b\"}"));
      answers.add(says("{\"name\": \"c\", \"description\": \"d\"}"));
      assertThat(phrase(null)).extracting(ExpertCard::name).containsExactly("Taxes", "c");
      assertThat(problems).as(name).hasSize(1);
    }
  }

  @Test
  void aFailingEndpointIsAskedOnceAndAllWordsStayCounted() {
    answers.add(new Answer(500, "out of order"));
    assertThat(phrase(null)).isEqualTo(COUNTED);
    assertThat(asked).hasSize(1);
    assertThat(problems).singleElement().asString().contains("from 0 on", "status 500");
  }

  @Test
  void anEndpointThatIsNotThereLeavesAllWordsCounted() {
    server.stop(0);
    assertThat(phrase(null)).isEqualTo(COUNTED);
    assertThat(problems).hasSize(1);
  }

  @Test
  void theAddressMayBeABaseOrWhole() throws Exception {
    var endpoint = new PhrasingOptions.Endpoint();
    URI whole = URI.create("http://localhost:8000/v1/chat/completions");
    for (String given :
        List.of(
            "http://localhost:8000",
            "http://localhost:8000/",
            "http://localhost:8000/v1",
            "http://localhost:8000/v1/chat/completions")) {
      assertThat(endpoint.convert(given)).as(given).isEqualTo(whole);
    }
    for (String bad : List.of("localhost:8000", "file:///etc/hosts", "http://", "http://a b")) {
      assertThatThrownBy(() -> endpoint.convert(bad))
          .as(bad)
          .isInstanceOf(CommandLine.TypeConversionException.class);
    }
  }

  private List<ExpertCard> phrase(@Nullable String key) {
    URI endpoint =
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/chat/completions");
    return new CardPhrasing(client, endpoint, "some-model", key).phrase(COUNTED, problems::add);
  }

  private static Answer says(String content) {
    var message = Map.of("message", Map.of("role", "assistant", "content", content));
    return new Answer(200, JSON.writeValueAsString(Map.of("choices", List.of(message))));
  }

  private static ExpertCard card(int expert, String name) {
    return new ExpertCard(
        expert, name, name + ", counted.", 0.5, List.of("d"), List.of("p"), FIDELITY);
  }
}
