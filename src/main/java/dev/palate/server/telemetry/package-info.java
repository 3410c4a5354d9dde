/**
 * What traces and metrics of a request carry.
 *
 * <p>Door: none. May use: nothing. Start reading at {@link RequestObservations}.
 */
@NullMarked
package dev.palate.server.telemetry;

import org.jspecify.annotations.NullMarked;
