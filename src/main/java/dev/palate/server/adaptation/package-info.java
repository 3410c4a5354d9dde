/** The background job that re-solves a user's routing weights after feedback. */
@NullMarked
package dev.palate.adaptation;

import org.jspecify.annotations.NullMarked;
