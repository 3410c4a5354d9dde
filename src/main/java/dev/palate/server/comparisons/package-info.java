/**
 * Pairs without a label, and which of them would teach most.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code server.adaptation}, {@code server.security}, {@code server.store}, {@code
 * server.web}. Start reading at {@link ComparisonController}.
 */
@NullMarked
package dev.palate.server.comparisons;

import org.jspecify.annotations.NullMarked;
