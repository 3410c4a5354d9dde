/**
 * A bundle directory, read, checked and written: manifest, head, prior, expert cards. The version
 * is a hash of the content.
 *
 * <p>Door: {@link AtomicFiles}, {@link Bundle}, {@link BundleDiagnostics}, {@link BundleException},
 * {@link Bundles}, {@link BundleWarning}, {@link DataSource}, {@link EncoderSpec}, {@link
 * ExamplePair}, {@link ExpertCard}, {@link Hashes}, {@link Head}, {@link HeadForward}, {@link
 * UserPrior}. May use: {@code core.traits}. Start reading at {@link Bundles}.
 */
@NullMarked
package dev.palate.core.bundle;

import org.jspecify.annotations.NullMarked;
