/**
 * The project's everyday and taste sets, and the commands that report a bundle or a running service
 * on them.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.model.torch}, {@code
 * core.runtime}, {@code core.taste}, {@code lab.bundling}. Start reading at {@link EvaluationSet}.
 */
@NullMarked
package dev.palate.lab.sets;

import org.jspecify.annotations.NullMarked;
