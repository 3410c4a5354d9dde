package dev.palate.core.runtime;

import dev.palate.core.model.RewardModel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Loads the model on a thread of its own while the rest of the service is wired, which takes as
 * long. The start waits for it before the first port opens; a model that cannot be loaded ends it.
 */
final class ModelLoading {

  private final CompletableFuture<RewardModel> model = new CompletableFuture<>();

  ModelLoading(Supplier<RewardModel> load) {
    Thread.ofPlatform()
        .name("palate-load")
        .start(() -> {
          try {
            model.complete(load.get());
          } catch (Throwable e) {
            model.completeExceptionally(e);
          }
        });
  }

  /**
   * Waits where it is still being loaded.
   *
   * @throws RuntimeException as loading did
   */
  RewardModel current() {
    try {
      return model.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  void close() {
    if (!model.handle((loaded, failure) -> failure != null).join()) {
      current().close();
    }
  }
}
