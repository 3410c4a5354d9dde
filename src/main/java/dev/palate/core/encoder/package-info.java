/**
 * Pretrained weights and their tokenizer: from the class path or a Hugging Face directory to token
 * sequences.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.traits}. Start reading at {@link
 * EncoderFiles}.
 */
@NullMarked
package dev.palate.core.encoder;

import org.jspecify.annotations.NullMarked;
