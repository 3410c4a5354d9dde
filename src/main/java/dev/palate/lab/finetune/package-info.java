/**
 * Fine-tunes the encoder together with the head.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.model.torch}, {@code
 * core.runtime}, {@code lab.data}, {@code lab.encode}, {@code lab.train}. Start reading at {@link
 * FineTuning}.
 */
@NullMarked
package dev.palate.lab.finetune;

import org.jspecify.annotations.NullMarked;
