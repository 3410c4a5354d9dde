package dev.palate.server.score.dropin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.palate.server.score.TextScoring;
import dev.palate.server.score.TextScoring.Pair;
import dev.palate.server.score.TextScoring.PairNames;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /get_reward}, as OpenRLHF sends it to {@code --remote_rm_url}: whole
 * sequences as their tokenizer decodes them, marks and all, and the prompts that they began with.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(
    description =
        "Sequences and their prompts, as OpenRLHF sends them; other fields, `labels` among them, are ignored")
record GetRewardRequest(
    @Schema(description = "Each a prompt and its response as one text")
        @NotNull(message = "is missing")
        @Size(min = 1, max = TextScoring.PAIRS, message = "must hold {min} to {max} texts")
        List<
                @NotNull(message = "must be a string")
                @Size(max = TextScoring.TEXT, message = "must have at most {max} characters")
                String>
            query,
    @Schema(
            description =
                "What each text of `query` begins with; absent: each is a response to an empty prompt")
        @Size(min = 1, max = TextScoring.PAIRS, message = "must hold {min} to {max} texts")
        @Nullable
            List<
                @NotNull(message = "must be a string")
                @Size(max = TextScoring.TEXT, message = "must have at most {max} characters")
                String>
            prompts,
    @Schema(
            description = "Whose weights mix the experts; absent: the model's own routing",
            pattern = UserId.PATTERN)
        @Nullable String user) {

  static final PairNames NAMES =
      new PairNames() {
        @Override
        public String prompt(int pair) {
          return "prompts[" + pair + "]";
        }

        @Override
        public String response(int pair) {
          return "query[" + pair + "]";
        }

        @Override
        public String responses() {
          return "query";
        }
      };

  /**
   * Parts each sequence into prompt and response. What the tokenizer put before the prompt or after
   * the response ({@code <s>}, padding, {@code <|im_end|>}) belongs to neither.
   *
   * @throws dev.palate.server.web.ProblemException where a sequence does not begin with its prompt
   */
  List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>(query.size());
    Faults faults = new Faults();
    if (prompts != null && prompts.size() != query.size()) {
      faults.add("prompts", "must hold as many texts as 'query'");
      faults.refuse();
    }
    for (int i = 0; i < query.size(); i++) {
      String sequence = query.get(i);
      String prompt = prompts == null ? "" : prompts.get(i);
      int response = prompts == null ? SpecialTokens.begin(sequence) : after(prompt, sequence);
      if (response < 0) {
        faults.add("query[" + i + "]", "does not begin with prompts[" + i + "]");
      } else {
        int end = SpecialTokens.end(sequence, response);
        pairs.add(new Pair(prompt, sequence.substring(response, end)));
      }
    }
    faults.refuse();
    return pairs;
  }

  /** Where the sequence goes on after the prompt, whatever marks either begins with; or -1. */
  private static int after(String prompt, String sequence) {
    int from = textBegin(prompt);
    int length = prompt.length() - from;
    int at = length == 0 ? SpecialTokens.begin(sequence) : textBegin(sequence);
    return sequence.regionMatches(at, prompt, from, length) ? at + length : -1;
  }

  private static int textBegin(String text) {
    int begin = SpecialTokens.begin(text);
    while (begin < text.length() && Character.isWhitespace(text.charAt(begin))) {
      begin++;
    }
    return begin;
  }
}
