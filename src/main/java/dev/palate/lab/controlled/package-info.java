/**
 * The controlled experiments of MODEL.md: pairs whose hidden truth is known, so that what the
 * losses, the prior and the experts are said to do can be counted.
 */
@NullMarked
package dev.palate.evaluation.controlled;

import org.jspecify.annotations.NullMarked;
