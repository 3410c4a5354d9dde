package dev.palate.core.runtime;

import java.io.Serial;

/** Another model is being activated on this replica. */
public final class ModelBusyException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  ModelBusyException() {
    super("Another model is being activated; ask again when that is done");
  }
}
