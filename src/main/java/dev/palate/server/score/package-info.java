/** {@code POST /score}: the reward model under one user's weights. */
@NullMarked
package dev.palate.scoring;

import org.jspecify.annotations.NullMarked;
