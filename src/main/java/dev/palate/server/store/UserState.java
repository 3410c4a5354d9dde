package dev.palate.server.store;

import java.util.UUID;

/**
 * Where a user's feedback stands.
 *
 * @param incarnation changes when a user is erased and comes again
 * @param feedbackSeq raised by each change to the user's labels
 */
public record UserState(UUID incarnation, long feedbackSeq) {}
