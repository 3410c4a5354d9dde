package dev.palate.server.models;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.runtime.ModelBusyException;
import dev.palate.core.runtime.ModelSwitch;
import dev.palate.server.bulk.BulkStart;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Changes the serving model: here, then in the database, where the other replicas see it ({@link
 * ModelFollower}); then all users are solved for it in bulk. A bundle is named by its directory's
 * name below one directory, so that nobody can have any file of the machine loaded as a program.
 */
@Component
class ModelChange {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final ModelSwitch models;
  private final ModelActivations activations;
  private final BulkStart bulk;
  private final @Nullable Path directory;

  /** Held from the switch here until the other replicas can see it, and while one is followed. */
  private final ReentrantLock changing = new ReentrantLock();

  private long made; // the id of the last activation of this replica; guarded by changing

  /**
   * @param directory of bundles; unset: that of the configured one
   */
  ModelChange(
      ModelSwitch models,
      ModelActivations activations,
      BulkStart bulk,
      @Value("${palate.model.bundles:#{null}}") @Nullable Path directory) {
    this.models = models;
    this.activations = activations;
    this.bulk = bulk;
    this.directory = directory;
  }

  /**
   * What was done.
   *
   * @param bulkSolve by which users' weights follow; empty: nobody's were behind
   */
  record Done(Bundle serving, Optional<Bundle> previous, Optional<Long> bulkSolve) {}

  /**
   * @throws ProblemException INVALID_REQUEST, BUNDLE_REJECTED or MODEL_BUSY; what served serves on
   */
  Done activate(@Nullable String name, String by) {
    return change(dir(name), by);
  }

  /**
   * @throws ProblemException NO_PREVIOUS_MODEL where none is held, or MODEL_BUSY
   */
  Done rollBack(String by) {
    Path previous =
        models
            .previous()
            .map(ModelSwitch.Place::dir)
            .orElseThrow(() ->
                new ProblemException(
                    ErrorCode.NO_PREVIOUS_MODEL,
                    "Nothing was activated since this replica started: name the bundle by POST"
                        + " /model/activate"));
    return change(previous, by);
  }

  private Done change(Path dir, String by) {
    Bundle serving;
    if (!changing.tryLock()) {
      throw busy("Another model is being activated; ask again when that is done");
    }
    try {
      ModelSwitch.Place before = models.serving();
      serving = switchTo(dir);
      if (!serving.version().equals(before.bundle().version())) {
        made = tellOthers(dir, serving, before.dir(), by);
      }
    } finally {
      changing.unlock();
    }
    boolean behind = bulk.startIfBehind(serving.version());
    return new Done(
        serving,
        models.previous().map(ModelSwitch.Place::bundle),
        behind ? Optional.of(bulk.start(serving.version())) : Optional.empty());
  }

  /** Where the database does not take it, this replica does not go ahead of the others. */
  private long tellOthers(Path dir, Bundle serving, Path before, String by) {
    String name = Objects.requireNonNull(dir.getFileName()).toString();
    try {
      return activations.add(name, serving.version(), models.configuredVersion(), by);
    } catch (RuntimeException e) {
      try {
        switchTo(before);
      } catch (ProblemException further) {
        e.addSuppressed(further);
      }
      throw e;
    }
  }

  /**
   * What the follower does for a change that was made elsewhere. One that was read before this
   * replica made a later one is passed over: it would take that one back until the next look.
   */
  void follow(ModelActivation activation) {
    changing.lock();
    try {
      if (activation.id() > made) {
        models.activate(dir(activation.bundle()));
      }
    } finally {
      changing.unlock();
    }
  }

  private Bundle switchTo(Path dir) {
    try {
      return models.activate(dir);
    } catch (BundleException e) {
      throw new ProblemException(
          ErrorCode.BUNDLE_REJECTED,
          "The present model serves on. " + Objects.requireNonNullElse(e.getMessage(), ""));
    } catch (ModelBusyException e) {
      throw busy(Objects.requireNonNullElse(e.getMessage(), ""));
    }
  }

  private static ProblemException busy(String detail) {
    return new ProblemException(ErrorCode.MODEL_BUSY, detail);
  }

  private Path dir(@Nullable String name) {
    Path configured = models.serving().dir().toAbsolutePath();
    Path bundles =
        directory == null
            ? Objects.requireNonNullElse(configured.getParent(), configured)
            : directory;
    if (name == null || !NAME.matcher(name).matches()) {
      throw invalid("must be the name of a directory that holds a bundle");
    }
    Path dir = bundles.resolve(name);
    if (!Files.isDirectory(dir)) {
      throw invalid("is not among the bundles of this replica (palate.model.bundles)");
    }
    return dir;
  }

  private static ProblemException invalid(String message) {
    return new ProblemException(
        ErrorCode.INVALID_REQUEST,
        "The present model serves on; correct the field below",
        List.of(new ProblemException.FieldProblem("bundle", message)));
  }
}
