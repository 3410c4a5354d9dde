/**
 * The serving model as Spring beans and routes: configuration, activation, rollback, health, {@code
 * GET /model}.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.model.cache}, {@code
 * core.model.remote}, {@code core.model.torch}, {@code core.runtime}, {@code server.bulk}, {@code
 * server.score}, {@code server.security}, {@code server.web}. Start reading at {@link
 * RewardConfiguration}.
 */
@NullMarked
package dev.palate.server.models;

import org.jspecify.annotations.NullMarked;
