package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ModelLoadingTest {

  private final AtomicInteger closed = new AtomicInteger();

  private final RewardModel model =
      new RewardModel() {
        @Override
        public Bundle bundle() {
          throw new UnsupportedOperationException();
        }

        @Override
        public Placement placement() {
          throw new UnsupportedOperationException();
        }

        @Override
        public ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
          throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAlive() {
          return true;
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };

  @Test
  void theStartGoesOnWhileTheModelLoadsAndWaitsForItAtTheEnd() {
    CountDownLatch wired = new CountDownLatch(1);
    ModelLoading loading =
        new ModelLoading(() -> {
          awaitQuietly(wired);
          return model;
        });
    CompletableFuture<Void> end = CompletableFuture.runAsync(loading::current);

    assertThat(end).isNotDone();
    wired.countDown();
    end.join();

    assertThat(loading.current()).isSameAs(model);
    loading.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void aModelThatCannotBeLoadedEndsTheStartByItsOwnException() {
    BundleException reason = new BundleException("no GPU");
    ModelLoading loading =
        new ModelLoading(() -> {
          throw reason;
        });

    assertThatThrownBy(loading::current).isSameAs(reason);
    assertThatCode(loading::close).doesNotThrowAnyException();
    assertThat(closed).hasValue(0);
  }

  @Test
  void aStartThatEndsForAnotherReasonLeavesNoModelOpen() {
    CountDownLatch gate = new CountDownLatch(1);
    ModelLoading loading =
        new ModelLoading(() -> {
          awaitQuietly(gate);
          return model;
        });
    CompletableFuture<Void> destroyed = CompletableFuture.runAsync(loading::close);
    gate.countDown();
    destroyed.join();

    assertThat(closed).hasValue(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
