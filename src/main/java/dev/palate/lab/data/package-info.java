/**
 * Preference pairs: JSON Lines and Parquet, read, checked, split by user and by prompt.
 *
 * <p>Door: none. May use: {@code core.model}. Start reading at {@link TrainingData}.
 */
@NullMarked
package dev.palate.lab.data;

import org.jspecify.annotations.NullMarked;
