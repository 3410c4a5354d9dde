/**
 * Pairs become embeddings, computed once and kept on disk.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code core.traits}, {@code lab.data}. Start reading at {@link PairEncoder}.
 */
@NullMarked
package dev.palate.lab.encode;

import org.jspecify.annotations.NullMarked;
