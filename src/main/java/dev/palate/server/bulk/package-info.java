/**
 * Solves all users again when the model changes, in ranges that replicas share.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * server.adaptation}, {@code server.changes}, {@code server.security}, {@code server.store}, {@code
 * server.web}. Start reading at {@link BulkJob}.
 */
@NullMarked
package dev.palate.server.bulk;

import org.jspecify.annotations.NullMarked;
