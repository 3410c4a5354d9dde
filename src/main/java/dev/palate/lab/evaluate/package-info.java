/**
 * Measures a bundle on preference data: accuracy against the number of labels, baselines, reports.
 */
@NullMarked
package dev.palate.evaluation;

import org.jspecify.annotations.NullMarked;
