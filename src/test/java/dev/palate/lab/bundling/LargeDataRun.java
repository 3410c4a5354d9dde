package dev.palate.lab.bundling;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.runtime.RewardModels;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.TextHash;
import dev.palate.lab.data.TextStore;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.EncodingStore;
import dev.palate.lab.encode.PairEncoder;
import dev.palate.lab.train.TrainingSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Made pairs from file to bundle in one process, to be started with a small heap: {@code DIRECTORY
 * PAIRS CHARACTERS}, the last being the length of a response. Prints what it cost, one {@code name
 * value} a line.
 */
public final class LargeDataRun {

  private static final int DIMENSION = 32;

  private LargeDataRun() {}

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    int pairs = Integer.parseInt(args[1]);
    AtomicLong live = watchHeap();
    Path file = directory.resolve("made.jsonl");
    write(file, pairs, Integer.parseInt(args[2]));
    System.out.println("megabytes " + Files.size(file) / 1_000_000);

    long start = System.nanoTime();
    TrainingData data =
        TrainingData.read(
            List.of(new DataFile("made", file, "")),
            List.of(),
            PairReader.OnBadLine.STOP,
            TextStore.in(directory));
    start = report("read", start);
    try (Arena arena = Arena.ofShared();
        EncodingStore store = EncodingStore.open(directory.resolve("rows"), DIMENSION)) {
      PairEncoder encoder = new PairEncoder(store, ResponseInput.RESPONSE).add(data.pairs());
      encoder.encode(new HashModel(), n -> {});
      EncodedPairs encoded = encoder.encoded(data.pairs(), arena);
      start = report("encode", start);
      BundleTraining.Result result =
          new BundleTraining(
                  "made",
                  RewardModels.defaultEncoder(ResponseInput.RESPONSE),
                  TrainingSettings.DEFAULT.withExperts(4).withEpochs(1),
                  2,
                  true)
              .run(data, encoded, 1, (seed, epoch) -> {});
      report("train", start);
      System.out.println("accuracy " + result.quality().getFirst().accuracy());
    }
    System.out.println("pairs " + data.pairs().size());
    System.gc();
    System.out.println("heap " + live.get() / 1_000_000);
  }

  private static long report(String what, long start) {
    long now = System.nanoTime();
    System.out.printf("%s %d%n", what, (now - start) / 1_000_000_000);
    return now;
  }

  /** The most bytes that were in use right after a collection. */
  private static AtomicLong watchHeap() {
    AtomicLong most = new AtomicLong();
    Set<String> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(pool -> pool.getName())
            .collect(Collectors.toSet());
    ManagementFactory.getGarbageCollectorMXBeans()
        .forEach(bean ->
            ((NotificationEmitter) bean)
                .addNotificationListener(
                    (notification, handback) -> {
                      var info =
                          GarbageCollectionNotificationInfo.from(
                              (CompositeData) notification.getUserData());
                      long used =
                          info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                              .filter(pool -> heap.contains(pool.getKey()))
                              .map(pool -> pool.getValue())
                              .mapToLong(MemoryUsage::getUsed)
                              .sum();
                      most.accumulateAndGet(used, Math::max);
                    },
                    null,
                    null));
    return most;
  }

  /** Every five pairs share a prompt, every fifty a user; one direction is what all prefer. */
  private static void write(Path file, int pairs, int characters) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < pairs; i++) {
        String a = text("answer " + i + " a", characters);
        String b = text("answer " + i + " b", characters);
        boolean first = HashModel.embed(a)[0] > HashModel.embed(b)[0];
        out.write(
            "{\"user\":\"u%d\",\"prompt\":\"question %d\",\"chosen\":\"%s\",\"rejected\":\"%s\"}\n"
                .formatted(i / 50, i / 5, first ? a : b, first ? b : a));
      }
    }
  }

  private static String text(String start, int characters) {
    return start + " and so on".repeat(Math.max(0, characters - start.length()) / 10);
  }

  /** Any text has an embedding drawn by its hash. */
  private static final class HashModel implements EmbeddingModel {

    static float[] embed(String text) {
      Random random = new Random(TextHash.of(text).high());
      float[] row = new float[DIMENSION];
      for (int j = 0; j < row.length; j++) {
        row[j] = (float) random.nextGaussian();
      }
      return row;
    }

    @Override
    public int dimension() {
      return DIMENSION;
    }

    @Override
    public float[][] embed(List<String> texts, IntConsumer done) {
      return texts.stream().map(HashModel::embed).toArray(float[][]::new);
    }

    @Override
    public float[][] embedResponses(
        List<Prompt> prompts, List<String> responses, IntConsumer done) {
      return embed(responses, done);
    }

    @Override
    public void close() {}
  }
}
