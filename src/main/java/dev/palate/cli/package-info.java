/**
 * Clients of a running service: {@code palate.jar user ...} for people at a shell, and the image's
 * health check.
 */
@NullMarked
package dev.palate.cli;

import org.jspecify.annotations.NullMarked;
