/**
 * Changes of users' data, on this replica and on the others.
 *
 * <p>Door: none. May use: {@code server.store}. Start reading at {@link UserChanges}.
 */
@NullMarked
package dev.palate.server.changes;

import org.jspecify.annotations.NullMarked;
