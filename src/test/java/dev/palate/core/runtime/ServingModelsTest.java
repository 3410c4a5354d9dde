package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which models are open, and which one serves, through changes that succeed and fail. */
@Timeout(60)
class ServingModelsTest {

  @TempDir Path bundles;

  private final List<Opened> opened = new ArrayList<>();
  private ServingModels models;

  /** A model that knows its bundle and whether it is open. */
  private static final class Opened implements RewardModel {
    private final Bundle bundle;
    private boolean open = true;

    Opened(Bundle bundle) {
      this.bundle = bundle;
    }

    @Override
    public Bundle bundle() {
      return bundle;
    }

    @Override
    public Placement placement() {
      return new Placement("cpu", "fp32", 8);
    }

    @Override
    public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isAlive() {
      return open;
    }

    @Override
    public void close() {
      assertThat(open).as("closed once").isTrue();
      open = false;
    }
  }

  private RewardModel open(Path dir) {
    Opened model = new Opened(Bundles.read(dir));
    opened.add(model);
    return model;
  }

  private Path bundle(int seed) {
    return TestBundles.randomBundle(bundles.resolve("b" + seed), 2, seed);
  }

  private String openOnes() {
    return opened.stream().map(m -> m.open ? "open" : "closed").toList().toString();
  }

  @BeforeEach
  void start() {
    models = new ServingModels(bundle(1), this::open);
    models.awaitFirst();
  }

  @Test
  void aChangeKeepsTheFormerModelForTheWayBackAndNoMore() {
    RewardModel first = models.current();
    models.activate(bundle(2));

    assertThat(models.current()).isNotSameAs(first);
    assertThat(models.previous().orElseThrow().bundle()).isSameAs(first.bundle());
    assertThat(openOnes()).isEqualTo("[open, open]");

    models.activate(bundle(3));
    assertThat(openOnes()).isEqualTo("[closed, open, open]");
    assertThat(models.configuredVersion()).isEqualTo(first.bundle().version());
    models.close();
    assertThat(openOnes()).isEqualTo("[closed, closed, closed]");
  }

  @Test
  void theWayBackLoadsNothing() {
    RewardModel first = models.current();
    models.activate(bundle(2));
    models.activate(models.previous().orElseThrow().dir());

    assertThat(models.current()).isSameAs(first);
    assertThat(opened).hasSize(2);
    models.activate(bundle(1));
    assertThat(opened).as("it serves already").hasSize(2);
    models.close();
    assertThat(openOnes()).isEqualTo("[closed, closed]");
  }

  @Test
  void aBundleThatIsNotWholeLeavesAllAsItWas() throws IOException {
    models.activate(bundle(2));
    String version = models.current().bundle().version();
    Path damaged = bundle(3);
    byte[] head = Files.readAllBytes(damaged.resolve(Bundles.HEAD));
    head[head.length - 1] ^= 1;
    Files.write(damaged.resolve(Bundles.HEAD), head);

    assertThatThrownBy(() -> models.activate(damaged)).isInstanceOf(BundleException.class);

    assertThat(models.current().bundle().version()).isEqualTo(version);
    assertThat(models.previous()).isPresent();
    assertThat(openOnes()).isEqualTo("[open, open]");
  }

  @Test
  void aBundleThatCannotBeLoadedLeavesThePresentOneServing() {
    Path second = bundle(2);
    ServingModels fussy =
        new ServingModels(
            bundle(1),
            dir -> {
              if (dir.equals(second)) {
                throw new BundleException("out of memory");
              }
              return open(dir);
            });
    RewardModel first = fussy.current();

    assertThatThrownBy(() -> fussy.activate(second)).hasMessage("out of memory");

    assertThat(fussy.current()).isSameAs(first);
    assertThat(first.isAlive()).isTrue();
  }

  @Test
  void oneChangeAtATimeAndThePresentModelServesMeanwhile() {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Path slow = bundle(2);
    ServingModels waiting =
        new ServingModels(
            bundle(1),
            dir -> {
              if (dir.equals(slow)) {
                loading.countDown();
                awaitQuietly(gate);
              }
              return open(dir);
            });
    RewardModel first = waiting.current();
    CompletableFuture<Bundle> change = CompletableFuture.supplyAsync(() -> waiting.activate(slow));
    awaitQuietly(loading);

    assertThat(waiting.current()).isSameAs(first);
    assertThatThrownBy(() -> waiting.activate(bundle(3))).isInstanceOf(ModelBusyException.class);
    gate.countDown();

    assertThat(change.join().version()).isEqualTo(waiting.current().bundle().version());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
