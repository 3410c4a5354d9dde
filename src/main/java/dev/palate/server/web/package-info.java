/**
 * What every route shares: problem details, JSON rules, limits of a body, OpenAPI, request ids.
 *
 * <p>Door: none. May use: {@code core.model}. Start reading at {@link ProblemAdvice}.
 */
@NullMarked
package dev.palate.server.web;

import org.jspecify.annotations.NullMarked;
