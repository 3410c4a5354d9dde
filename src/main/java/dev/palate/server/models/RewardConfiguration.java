package dev.palate.server.models;

import dev.palate.core.bundle.AtomicFiles;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.cache.CachedRewardModel;
import dev.palate.core.model.cache.ScoreCache;
import dev.palate.core.model.remote.RemoteMeters;
import dev.palate.core.model.torch.DeviceMemory;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.model.torch.TorchEngine;
import dev.palate.core.runtime.LiveModel;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.runtime.ServingModels;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;

/**
 * Loads the configured bundle while the service starts; a bundle that cannot serve ends the start.
 */
@AutoConfiguration
@EnableConfigurationProperties({
  RewardConfiguration.ModelProperties.class,
  RemoteEncoderProperties.class
})
@ConditionalOnMissingBean(LiveModel.class)
class RewardConfiguration {

  private static final Logger log = LoggerFactory.getLogger(RewardConfiguration.class);
  private static final String DEMO = "models/demo";

  /**
   * {@code palate.model.*}.
   *
   * @param bundle the bundle's directory; unset: {@code models/demo} here, else the one in the jar
   * @param device {@code auto}, {@code cpu} or {@code gpu}
   * @param dtype {@code auto}, {@code fp32} or {@code bf16}
   * @param threads of a forward pass on the CPU; 0: as many as the container may use
   * @param batchTokens padded tokens in one forward pass
   * @param queueTokens tokens that may wait for the device
   * @param queueTime how long what waits may take the device before more is refused
   * @param cacheBytes heap for the scores of texts that were asked for before; 0: none are kept
   */
  @ConfigurationProperties("palate.model")
  record ModelProperties(
      @Nullable Path bundle,
      @DefaultValue("auto") TorchDevice device,
      @DefaultValue("auto") TorchDtype dtype,
      @DefaultValue("0") int threads,
      @DefaultValue("8192") int batchTokens,
      @DefaultValue("262144") int queueTokens,
      @DefaultValue("30s") Duration queueTime,
      @DefaultValue("64MB") DataSize cacheBytes) {
    ModelProperties {
      if (threads < 0) {
        throw new IllegalArgumentException("'palate.model.threads' must not be negative");
      }
      if (batchTokens < 1 || queueTokens < 1) {
        throw new IllegalArgumentException(
            "'palate.model.batch-tokens' and 'palate.model.queue-tokens' must be at least 1");
      }
      if (!queueTime.isPositive()) {
        throw new IllegalArgumentException("'palate.model.queue-time' must be positive");
      }
      if (cacheBytes.isNegative()) {
        throw new IllegalArgumentException("'palate.model.cache-bytes' must not be negative");
      }
    }
  }

  @Bean
  ServingModels liveModel(
      ModelProperties properties,
      RemoteEncoderProperties remoteEncoder,
      @Value("${palate.data-dir:.palate}") Path dataDir,
      ObjectProvider<Clock> clock,
      ObjectProvider<MeterRegistry> meters) {
    // asked for here, since the context must not be asked from the thread that loads
    MeterRegistry registry = meters.getIfAvailable(SimpleMeterRegistry::new);
    Clock time = clock.getIfAvailable(Clock::systemUTC);
    if (properties.threads() > 0) {
      TorchEngine.threads(properties.threads());
    }
    Path cache = dataDir.resolve("models");
    Path bundle = properties.bundle() == null ? demo(cache) : properties.bundle();
    long bytes = properties.cacheBytes().toBytes();
    // one for all models, whose keys name them
    ScoreCache scores = bytes == 0 ? null : new ScoreCache(bytes, registry);
    ModelSettings settings =
        new ModelSettings(
            properties.device(),
            properties.dtype(),
            cache,
            properties.batchTokens(),
            properties.queueTokens(),
            properties.queueTime(),
            remoteEncoder.settings());
    RemoteMeters remote = new RemoteMeters(registry);
    return new ServingModels(bundle, dir -> load(dir, settings, remote, scores, time));
  }

  private static RewardModel load(
      Path bundle,
      ModelSettings settings,
      RemoteMeters remote,
      @Nullable ScoreCache scores,
      Clock clock) {
    PassageModel model = RewardModels.open(bundle, settings, remote);
    log.info(
        "Model {} {} ready on {} in {}",
        model.bundle().name(),
        model.bundle().version(),
        model.placement().device(),
        model.placement().dtype());
    return scores == null ? model : new CachedRewardModel(model, scores, clock);
  }

  /** The start waits for the model before the first port opens. */
  @Bean
  SmartInitializingSingleton modelIsLoaded(ServingModels models) {
    return models::awaitFirst;
  }

  @Bean
  ForwardMeters forwardMeters(LiveModel model) {
    return new ForwardMeters(model);
  }

  @Bean
  DeviceMemory deviceMemory() {
    return new DeviceMemory();
  }

  /**
   * The demo bundle of the working directory, or the jar's, copied out to where files can be read.
   */
  private static Path demo(Path cache) {
    Path here = Path.of(DEMO);
    if (Files.isDirectory(here)) {
      return here;
    }
    Path copy = cache.resolve("demo-bundle");
    try {
      Files.createDirectories(copy);
      for (String file : Bundles.FILES) {
        try (InputStream in =
            RewardConfiguration.class.getClassLoader().getResourceAsStream(DEMO + "/" + file)) {
          if (in == null && Bundles.OPTIONAL.contains(file)) {
            continue; // the manifest says whether there should be one
          }
          if (in == null) {
            throw new BundleException(
                "There is no demo bundle in this build: name one by palate.model.bundle.");
          }
          byte[] bytes = in.readAllBytes();
          AtomicFiles.write(copy.resolve(file), target -> Files.write(target, bytes));
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy the demo bundle to " + copy, e);
    }
  }
}
