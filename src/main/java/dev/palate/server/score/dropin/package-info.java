/** The forms in which other servers' clients ask for scores: a change of URL and no more. */
@NullMarked
package dev.palate.scoring.dropin;

import org.jspecify.annotations.NullMarked;
