/**
 * What the experts of a model do on data, and how a user differs: the numbers of MODEL.md's list.
 */
@NullMarked
package dev.palate.evaluation.diagnostics;

import org.jspecify.annotations.NullMarked;
