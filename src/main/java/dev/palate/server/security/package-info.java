/**
 * Who is calling and what they may do: API keys, JSON Web Tokens, scopes, quotas, the audit line.
 * Other rooms mark their routes with {@link dev.palate.platform.security.Needs} and ask {@link
 * dev.palate.platform.security.Callers}; nothing else of this is theirs to know.
 */
@NullMarked
package dev.palate.platform.security;

import org.jspecify.annotations.NullMarked;
