/**
 * Solves all users again when the model or the solver changes, in ranges that replicas share.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code server.adaptation}, {@code server.changes}, {@code server.security}, {@code
 * server.store}, {@code server.web}. Start reading at {@link BulkJob}.
 */
@NullMarked
package dev.palate.server.bulk;

import org.jspecify.annotations.NullMarked;
