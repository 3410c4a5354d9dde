package dev.palate.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.palate.core.bundle.AtomicFiles;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;

/**
 * What a bundle said of a few texts where it was made, {@code golden.json}. A model that says
 * something else of them here (another engine, another encoder, a damaged archive) does not serve.
 *
 * @param version of the bundle
 * @param items in the order they were scored
 */
@SuppressWarnings("ArrayRecordComponent") // values on their way to JSON, never compared
public record GoldenScores(String version, List<Item> items) {

  /**
   * Of the norm of all rewards, and of all routing weights. An embedding in bf16 is within .02 of
   * the one in fp32 ({@code GoldenParityTest}).
   */
  static final double TOLERANCE = 0.1;

  /** Short, long, in other scripts, code: what an encoder may get wrong. */
  private static final List<ScoreItem> TEXTS =
      List.of(
          new ScoreItem(
              new Prompt("How do tides work?"),
              List.of(
                  "The moon's gravity pulls at the oceans; as the Earth turns, each coast passes"
                      + " through the two bulges, and so has two high waters a day.",
                  "No idea.")),
          new ScoreItem(
              new Prompt("user: Schreib mir ein Gedicht.\n\nassistant: Worüber?\n\nuser: Über Öl."),
              List.of("Zähes Gold, so schwarz und schwer …", "我不会写诗。", "🛢️")),
          new ScoreItem(
              new Prompt("Reverse a list in Python"),
              List.of(
                  "```python\nxs[::-1]\n```", "Use `xs.reverse()`. " + "It is fast. ".repeat(80))));

  /**
   * @param routing {@code float[k]}
   * @param rewards {@code float[responses][k]}
   */
  record Item(String prompt, List<String> responses, float[] routing, float[][] rewards) {}

  /**
   * Scores the texts on a model and writes the answers beside its bundle.
   *
   * @throws BundleException where the model does not score them
   */
  public static GoldenScores write(Path bundleDir, RewardModel model) {
    GoldenScores golden = of(model, TEXTS);
    try {
      AtomicFiles.write(
          bundleDir.resolve(Bundles.GOLDEN),
          file -> Files.write(file, Bundles.JSON.writeValueAsBytes(golden)));
      return golden;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + bundleDir.resolve(Bundles.GOLDEN), e);
    }
  }

  private static GoldenScores of(RewardModel model, List<ScoreItem> texts) {
    if (!(model.score(texts, ScoreOptions.DEFAULT) instanceof ScoreResult.Scored scored)) {
      throw new BundleException(
          "%s %s does not score its golden texts"
              .formatted(model.bundle().name(), model.bundle().version()));
    }
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      PromptScores scores = scored.items().get(i);
      items.add(
          new Item(
              texts.get(i).prompt().text(),
              texts.get(i).responses(),
              scores.routing(),
              scores.responses().stream().map(ResponseScores::rewards).toArray(float[][]::new)));
    }
    return new GoldenScores(model.bundle().version(), items);
  }

  /**
   * Scores the golden texts, where the bundle has them, and compares.
   *
   * @throws BundleException where the model says something else of them
   */
  static void check(Path bundleDir, RewardModel model) {
    Path file = bundleDir.resolve(Bundles.GOLDEN);
    if (!Files.exists(file)) {
      return;
    }
    GoldenScores golden = read(file);
    if (!golden.version.equals(model.bundle().version())) {
      throw new BundleException(
          "%s is of version %s, the bundle is %s. Make it again: bundle golden %s"
              .formatted(file, golden.version, model.bundle().version(), bundleDir));
    }
    GoldenScores here =
        of(
            model,
            golden.items.stream()
                .map(item -> new ScoreItem(new Prompt(item.prompt), item.responses))
                .toList());
    double rewards = golden.rewardError(here);
    double routing = golden.routingError(here);
    if (!(rewards <= TOLERANCE && routing <= TOLERANCE)) {
      throw new BundleException(
          String.format(
              Locale.ROOT,
              "%s %s does not score as it did where it was made: rewards differ by %.3f, routing by"
                  + " %.3f of their norm, %.1f is allowed (%s). Restore the bundle and its encoder,"
                  + " empty the archives' cache, or try palate.model.dtype=fp32.",
              model.bundle().name(),
              model.bundle().version(),
              rewards,
              routing,
              TOLERANCE,
              file));
    }
  }

  private static GoldenScores read(Path file) {
    try {
      return Bundles.JSON.readValue(Files.readString(file, UTF_8), GoldenScores.class);
    } catch (JacksonException e) {
      throw new BundleException(
          "%s cannot be read: %s. Restore the file, or make it again: bundle golden %s"
              .formatted(file, e.getOriginalMessage(), file.getParent()),
          e);
    } catch (IOException e) {
      throw new BundleException(
          "%s cannot be read: %s. Check the path and its permissions."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Norm of the difference over the norm of what is golden; NaN where something is no number. */
  double rewardError(GoldenScores here) {
    Distance distance = new Distance();
    for (int i = 0; i < items.size(); i++) {
      for (int r = 0; r < items.get(i).rewards.length; r++) {
        distance.add(items.get(i).rewards[r], here.items.get(i).rewards[r]);
      }
    }
    return distance.relative();
  }

  /** As {@link #rewardError}, of the routing. */
  double routingError(GoldenScores here) {
    Distance distance = new Distance();
    for (int i = 0; i < items.size(); i++) {
      distance.add(items.get(i).routing, here.items.get(i).routing);
    }
    return distance.relative();
  }

  private static final class Distance {
    private double difference;
    private double norm;

    void add(float[] golden, float[] here) {
      if (golden.length != here.length) {
        difference = Double.NaN;
        return;
      }
      for (int k = 0; k < golden.length; k++) {
        difference += Math.pow(golden[k] - here[k], 2);
        norm += Math.pow(golden[k], 2);
      }
    }

    double relative() {
      return Math.sqrt(difference / norm);
    }
  }
}
