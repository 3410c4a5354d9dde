package dev.palate.server.feedback;

import dev.palate.server.store.UserId;
import dev.palate.server.store.WeightsStatus;

/**
 * What became of the labels of one request.
 *
 * @param accepted stored by this request
 * @param duplicates stored before, or named twice in this request
 * @param labels how many the user has now
 * @param weightsVersion of the live model's weights when the labels were taken; 0: none yet
 */
public record FeedbackReceipt(
    UserId user,
    int accepted,
    int duplicates,
    int labels,
    long feedbackSeq,
    long weightsVersion,
    WeightsStatus status) {}
