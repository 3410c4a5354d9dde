/** Preference data becomes a trained bundle. */
@NullMarked
package dev.palate.training;

import org.jspecify.annotations.NullMarked;
