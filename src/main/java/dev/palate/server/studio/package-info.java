/**
 * The web page: pairs compared and labelled, weights watched as they move, experts browsed. Static
 * files that ask the API as any client does.
 */
@NullMarked
package dev.palate.studio;

import org.jspecify.annotations.NullMarked;
