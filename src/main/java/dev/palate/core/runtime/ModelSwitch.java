package dev.palate.core.runtime;

import dev.palate.core.bundle.Bundle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The models of this replica: the one that serves, and the one before it, kept loaded for the way
 * back. At most two are in memory at a time, and the second only once there was a change.
 */
public interface ModelSwitch extends LiveModel {

  /** A loaded bundle and the directory it was loaded from. */
  record Place(Path dir, Bundle bundle) {}

  Place serving();

  /** What served before the last change. */
  Optional<Place> previous();

  /** The version of the bundle this replica was started with, whatever serves now. */
  String configuredVersion();

  /**
   * Makes a bundle the one that serves: verified by its hashes, loaded, warmed by real forward
   * passes, all of it beside the traffic of the present one; then changed in one step. Calls that
   * took the former model end on it. A bundle that is the former one is there at once; one that
   * serves already stays.
   *
   * @return the bundle that serves now
   * @throws BundleException where it or the device cannot be used; the present one serves on
   * @throws ModelBusyException while another change is under way
   */
  Bundle activate(Path bundleDir);
}
