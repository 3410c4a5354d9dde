/**
 * The command {@code train}: from preference data to a bundle with its model card.
 *
 * <p>Door: {@link TrainCommand}. May use: {@code core.bundle}, {@code core.model}, {@code
 * core.model.remote}, {@code core.model.torch}, {@code core.runtime}, {@code core.taste}, {@code
 * core.traits}, {@code lab.cards}, {@code lab.data}, {@code lab.encode}, {@code lab.finetune},
 * {@code lab.train}, {@code lab.warnings}. Start reading at {@link BundleTraining}.
 */
@NullMarked
package dev.palate.lab.bundling;

import org.jspecify.annotations.NullMarked;
