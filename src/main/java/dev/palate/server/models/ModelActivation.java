package dev.palate.server.models;

import java.time.Instant;

/**
 * A row of {@code model_activation}.
 *
 * @param bundle the name of its directory
 * @param configuredVersion of the bundle that the replica was started with
 * @param activatedBy the caller
 */
record ModelActivation(
    long id,
    String bundle,
    String modelVersion,
    String configuredVersion,
    Instant activatedAt,
    String activatedBy) {}
