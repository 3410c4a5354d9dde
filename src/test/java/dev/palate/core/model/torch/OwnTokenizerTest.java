package dev.palate.core.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.palate.PalateApplication;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Tokenizers of other families than BERT's under an archive of somebody's own: packed by the
 * command, run by the engine, seen by what the archive is given.
 */
@NeedsEngine
class OwnTokenizerTest {
  private static final String WORDS =
      """
      "<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"one":4,"two":5,"three":6,"four":7,"five":8,"six":9,\
      "seven":10,"eight":11,"nine":12\
      """;
  private static final String NONE = "null";
  private static final String BOS = template("<s>:0 $A:0", "<s>:0 $A:0 <s>:1 $B:1");
  private static final String EOS = template("$A:0 </s>:0", "$A:0 </s>:0 $B:1 </s>:1");
  private static final String FIRST_ONLY = template("<s>:0 $A:0", "<s>:0 $A:0 $B:1");
  private static final String ROBERTA =
      """
      {"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,\
      "add_prefix_space":false}\
      """;
  private static final String BYTE_LEVEL =
      """
      {"type":"Sequence","processors":[{"type":"ByteLevel","add_prefix_space":true,\
      "trim_offsets":false,"use_regex":true},%s]}\
      """
          .formatted(BOS);

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();

  /** The post-processor, then what is read of "one two", and of it with the response "three". */
  static Stream<Arguments> frames() {
    return Stream.of(
        arguments("none", NONE, List.of(4, 5), List.of(4, 5, 6)),
        arguments("Llama", BOS, List.of(0, 4, 5), List.of(0, 4, 5, 0, 6)),
        arguments("Llama 3", BYTE_LEVEL, List.of(0, 4, 5), List.of(0, 4, 5, 0, 6)),
        arguments("one for both", FIRST_ONLY, List.of(0, 4, 5), List.of(0, 4, 5, 6)),
        arguments("T5", EOS, List.of(4, 5, 2), List.of(4, 5, 2, 6, 2)),
        arguments("RoBERTa", ROBERTA, List.of(0, 4, 5, 2), List.of(0, 4, 5, 2, 2, 6, 2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void theArchiveReadsTheFrameOfItsOwnTokenizer(
      String family, String frame, List<Integer> prompt, List<Integer> pair) throws IOException {
    assertThat(pack(tokenizer(frame, NONE), 32, "prompt-and-response")).as("%s", out).isZero();
    PromptScores scores = score("one two", "three");

    assertThat(scores.promptTokens()).isEqualTo(prompt.size());
    assertThat(masked(scores.routing())).isEqualTo(prompt.size());
    assertThat(read(scores)).isEqualTo(padded(pair, 1));
    assertThat(scores.responses().getFirst().tokens()).isEqualTo(pair.size());

    assertThat(pack(tokenizer(frame, NONE), 32, "response")).as("%s", out).isZero();
    assertThat(read(score("three", "one two"))).isEqualTo(padded(prompt, 1));
  }

  @Test
  void aPairOverTheLimitKeepsItsWholeFrame() throws IOException {
    assertThat(pack(tokenizer(ROBERTA, NONE), 10, "prompt-and-response")).as("%s", out).isZero();
    PromptScores scores = score("one two three four five", "six seven eight nine six");

    // 10 less four special tokens: a quarter of 6 for the prompt, 5 for the response
    assertThat(read(scores)).isEqualTo(padded(List.of(0, 4, 2, 2, 9, 10, 11, 12, 9, 2), 1));
    assertThat(scores.responses().getFirst().tokens()).isEqualTo(14);
    assertThat(scores.responses().getFirst().truncated()).isTrue();
  }

  @Test
  void aTextIsCutToTheWholeLimitWhereThereIsNoFrame() throws IOException {
    assertThat(pack(tokenizer(NONE, NONE), 8, "response")).as("%s", out).isZero();
    PromptScores scores = score("one", "one two three four five six seven eight nine");

    assertThat(read(scores)).isEqualTo(padded(List.of(4, 5, 6, 7, 9, 10, 11, 12), 1));
    assertThat(scores.responses().getFirst().tokens()).isEqualTo(9);
  }

  @Test
  void nothingToReadIsOnePaddingToken() throws IOException {
    assertThat(pack(tokenizer(NONE, NONE), 8, "response")).as("%s", out).isZero();
    PromptScores scores = score("one", " ");

    assertThat(read(scores)).isEqualTo(padded(List.of(1), 1));
    assertThat(scores.responses().getFirst())
        .satisfies(response -> {
          assertThat(response.tokens()).isEqualTo(1);
          assertThat(response.truncated()).isFalse();
        });
  }

  @Test
  void thePaddingThatTheFileNamesIsUsed() throws IOException {
    String padding =
        """
        {"strategy":"BatchLongest","direction":"Left","pad_to_multiple_of":null,"pad_id":2,\
        "pad_type_id":0,"pad_token":"</s>"}\
        """;
    assertThat(pack(tokenizer(BOS, padding), 32, "response")).as("%s", out).isZero();
    assertThat(read(score("one", "two"))).isEqualTo(padded(List.of(0, 5), 2));
  }

  @Test
  void aTextThatSpellsASpecialTokenIsNotTheToken() throws IOException {
    assertThat(pack(tokenizer(BOS, NONE), 32, "response")).as("%s", out).isZero();
    assertThat(read(score("one", "</s> two"))).isEqualTo(padded(List.of(0, 3, 3, 5), 1));
  }

  @Test
  void aPostProcessorThatPutsTheResponseFirstIsRefused() throws IOException {
    String swapped = template("<s>:0 $A:0", "$B:1 <s>:0 $A:0");
    assertThat(pack(tokenizer(swapped, NONE), 32, "response")).isEqualTo(1);
    assertThat(out.toString()).contains("post_processor", "a pair");
    assertThat(dir.resolve("bundle.json")).doesNotExist();
  }

  @Test
  void moreSpecialTokensThanThereIsRoomForAreRefused() throws IOException {
    String many = template("<s>:0 <s>:0 <s>:0 $A:0", "<s>:0 <s>:0 <s>:0 $A:0 </s>:0 </s>:0 $B:0");
    assertThat(pack(tokenizer(many, NONE), 8, "response")).isEqualTo(1);
    assertThat(out.toString()).contains("5 special tokens", "at least 9", "--max-tokens");
  }

  @Test
  void aTokenizerThatReadsNothingIsRefused() throws IOException {
    String deaf =
        tokenizer(NONE, NONE)
            .replaceFirst(
                "\"model\":.*", "\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}");
    assertThat(pack(deaf, 32, "response")).isEqualTo(1);
    assertThat(out.toString()).contains("finds no token in 'a text'");
  }

  @Test
  void aFileThatIsNoTokenizerIsRefused() throws IOException {
    for (String wrong : List.of("{}", "no JSON", "[]", "")) {
      assertThat(pack(wrong, 32, "response")).as(wrong).isEqualTo(1);
      assertThat(out.toString()).as(wrong).contains("tokenizer.json is none that");
      out.getBuffer().setLength(0);
    }
  }

  private int pack(String tokenizer, int maxTokens, String responseInput) throws IOException {
    EchoArchive.write(dir.resolve("reward-model.pt"));
    Files.writeString(dir.resolve("tokenizer.json"), tokenizer);
    return new CommandLine(new PalateApplication())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(
            "bundle pack %s --experts %d --max-tokens %d --response-input %s"
                .formatted(dir, EchoArchive.K, maxTokens, responseInput)
                .split(" "));
  }

  private PromptScores score(String prompt, String response) {
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 512, 65_536);
    try (RewardModel model = RewardModels.load(dir, settings)) {
      ScoreItem item = new ScoreItem(new Prompt(prompt), List.of(response));
      return ((ScoreResult.Scored) model.score(List.of(item), ScoreOptions.DEFAULT))
          .items()
          .getFirst();
    }
  }

  private static List<Integer> read(PromptScores scores) {
    float[] rewards = scores.responses().getFirst().rewards();
    return Stream.iterate(0, i -> i < rewards.length, i -> i + 1)
        .map(i -> (int) rewards[i])
        .toList();
  }

  private static List<Integer> padded(List<Integer> ids, int padding) {
    return Stream.concat(ids.stream(), Stream.generate(() -> padding))
        .limit(EchoArchive.K)
        .toList();
  }

  /** Logits were 1 where the mask was. */
  private static int masked(float[] routing) {
    return (int)
        Stream.iterate(0, i -> i < routing.length, i -> i + 1)
            .filter(i -> routing[i] > 1.0 / EchoArchive.K)
            .count();
  }

  private static String tokenizer(String postProcessor, String padding) {
    String added =
        Stream.of("<s>", "<pad>", "</s>", "<unk>")
            .map(token ->
                """
                {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,\
                "normalized":false,"special":true}\
                """
                    .formatted(List.of("<s>", "<pad>", "</s>", "<unk>").indexOf(token), token))
            .collect(Collectors.joining(","));
    return """
    {"version":"1.0","truncation":null,"padding":%s,"added_tokens":[%s],"normalizer":null,\
    "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":%s,"decoder":null,\
    "model":{"type":"WordLevel","vocab":{%s},"unk_token":"<unk>"}}\
    """
        .formatted(padding, added, postProcessor, WORDS);
  }

  private static String template(String single, String pair) {
    return """
    {"type":"TemplateProcessing","single":[%s],"pair":[%s],"special_tokens":{\
    "<s>":{"id":"<s>","ids":[0],"tokens":["<s>"]},"</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}}}\
    """
        .formatted(pieces(single), pieces(pair));
  }

  private static String pieces(String template) {
    return Arrays.stream(template.split(" "))
        .map(piece -> {
          String id = piece.replaceFirst(":.$", "").replace("$", "");
          String type = piece.substring(piece.length() - 1);
          return "{\"%s\":{\"id\":\"%s\",\"type_id\":%s}}"
              .formatted(piece.startsWith("$") ? "Sequence" : "SpecialToken", id, type);
        })
        .collect(Collectors.joining(","));
  }
}
