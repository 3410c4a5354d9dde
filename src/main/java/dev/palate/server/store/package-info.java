/**
 * What we remember of users: labels, margins, expert weights and their history, kept in PostgreSQL.
 */
@NullMarked
package dev.palate.user;

import org.jspecify.annotations.NullMarked;
