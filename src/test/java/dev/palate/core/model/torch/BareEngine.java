package dev.palate.core.model.torch;

import ai.djl.Device;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.batching.Forward;
import dev.palate.core.model.batching.WarmUp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The archive in the engine and nothing around it: what the service is measured against. */
public final class BareEngine implements AutoCloseable {

  private final Forward forward;
  private final SequenceTokenizer tokenizer;
  private final int maxTokens;

  private BareEngine(Forward forward, EncoderSpec encoder) {
    this.forward = forward;
    this.tokenizer = new SequenceTokenizer(Archive.tokenizer(encoder), encoder.maxTokens());
    this.maxTokens = encoder.maxTokens();
  }

  /** A bundle's archive on the CPU, in the dtype the service would choose. */
  public static BareEngine of(Path bundleDir, Path cacheDir) {
    Bundle bundle = Bundles.read(bundleDir);
    Device device = TorchEngine.device(TorchDevice.CPU);
    boolean bf16 = TorchEngine.bf16(TorchDtype.AUTO, device);
    Path archive = Archive.of(bundle.encoder(), bundle.head(), bf16, cacheDir);
    return new BareEngine(
        WarmUp.of(
            new TorchForward(archive, device),
            bundle.encoder().maxTokens(),
            2 * bundle.routedCount(),
            StateRows.width(bundle.encoder())),
        bundle.encoder());
  }

  /** What the texts are to the engine; the count of their tokens is what throughput counts. */
  public List<int[]> tokenize(List<String> texts) {
    return tokenizer.single(texts).stream().map(Sequence::ids).toList();
  }

  /** Runs all sequences in batches sorted by length, as full as the budget allows. */
  public void run(List<int[]> sequences, int batchTokens) {
    List<Sequence> sorted =
        sequences.stream()
            .map(ids -> new Sequence(ids, ids.length))
            .sorted(Comparator.comparingInt(Sequence::length).reversed())
            .toList();
    for (TokenBatch batch : batches(sorted, batchTokens)) {
      forward.run(batch);
    }
  }

  /** As {@link #run}, of sequences sorted by falling length. */
  static List<TokenBatch> batches(List<Sequence> sorted, int batchTokens) {
    List<TokenBatch> batches = new ArrayList<>();
    for (int from = 0; from < sorted.size(); ) {
      int length = TokenBatch.bucket(sorted.get(from).length());
      int to = Math.min(sorted.size(), from + Math.max(1, batchTokens / length));
      batches.add(TokenBatch.of(sorted.subList(from, to), length));
      from = to;
    }
    return batches;
  }

  public int maxTokens() {
    return maxTokens;
  }

  @Override
  public void close() {
    forward.close();
    tokenizer.close();
  }
}
