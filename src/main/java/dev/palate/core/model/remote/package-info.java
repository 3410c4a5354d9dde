/**
 * Encoders that another program serves over HTTP.
 *
 * <p>Door: {@link RemoteEncoderSettings}, {@link RemoteMeters}. May use: {@code core.bundle},
 * {@code core.encoder}, {@code core.model}. Start reading at {@link RemoteRewardModel}.
 */
@NullMarked
package dev.palate.core.model.remote;

import org.jspecify.annotations.NullMarked;
