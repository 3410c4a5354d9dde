/**
 * What every room stands on: problem details, JSON rules, the choice of database, OpenAPI, start-up
 * checks. No domain.
 */
@NullMarked
package dev.palate.platform;

import org.jspecify.annotations.NullMarked;
