package dev.palate.server.comparisons;

import dev.palate.server.store.UserId;

/**
 * What became of the comparisons of one request.
 *
 * @param accepted stored by this request
 * @param duplicates stored before, or named twice in this request, in either order of responses
 * @param labelled not stored, as the user has labelled the pair already
 * @param comparisons how many the user may be asked about now
 */
public record ComparisonsReceipt(
    UserId user, int accepted, int duplicates, int labelled, int comparisons) {}
