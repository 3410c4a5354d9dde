/**
 * The choice of database: a PostgreSQL server by its URL, or the embedded one; the connection pool
 * for scoring.
 *
 * <p>Door: none. May use: nothing. Start reading at {@link DatabaseChoice}.
 */
@NullMarked
package dev.palate.server.database;

import org.jspecify.annotations.NullMarked;
