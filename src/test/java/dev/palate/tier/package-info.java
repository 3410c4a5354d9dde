/** Which Maven command runs a test: annotations on test classes, and the list of skipped tests. */
@NullMarked
package dev.palate.tier;

import org.jspecify.annotations.NullMarked;
