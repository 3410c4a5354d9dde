/**
 * The schema in Java: users, labels, margins, expert weights and their history in PostgreSQL.
 *
 * <p>Door: none. May use: {@code core.model}, {@code core.taste}, {@code server.database}, {@code
 * server.web}. Start reading at {@link UserRows}.
 */
@NullMarked
package dev.palate.server.store;

import org.jspecify.annotations.NullMarked;
