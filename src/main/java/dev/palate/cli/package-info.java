/** {@code palate.jar user ...}: a client of a running service, for people at a shell. */
@NullMarked
package dev.palate.cli;

import org.jspecify.annotations.NullMarked;
