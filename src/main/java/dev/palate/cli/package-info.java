/**
 * The command line: commands that talk to a running service, commands on a bundle directory, and
 * the image's health check.
 *
 * <p>Door: {@link BundleCommand}, {@link CommandLog}, {@link UserCommand}. May use: {@code
 * core.bundle}, {@code core.model}, {@code core.model.torch}, {@code core.runtime}. Start reading
 * at {@link UserCommand}.
 */
@NullMarked
package dev.palate.cli;

import org.jspecify.annotations.NullMarked;
