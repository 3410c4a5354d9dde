/** Palate: a sparse mixture-of-experts reward model that learns each user's taste. */
@NullMarked
package dev.palate;

import org.jspecify.annotations.NullMarked;
