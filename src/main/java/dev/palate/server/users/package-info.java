/**
 * A user as a whole: export, erasure, retention of texts.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * server.adaptation}, {@code server.bulk}, {@code server.changes}, {@code server.security}, {@code
 * server.security.keys}, {@code server.store}, {@code server.web}. Start reading at {@link
 * UserExport}.
 */
@NullMarked
package dev.palate.server.users;

import org.jspecify.annotations.NullMarked;
