/**
 * The web page of the service: static files that call the public API.
 *
 * <p>Door: none. May use: nothing. Start reading at {@link StudioConfiguration}.
 */
@NullMarked
package dev.palate.server.studio;

import org.jspecify.annotations.NullMarked;
