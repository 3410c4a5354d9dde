package dev.palate.server.bulk;

import java.time.Instant;

/**
 * The users of a key range that a bulk solve has still to look at: those after {@code reached}, up
 * to {@code lastUser}.
 *
 * @param target what is to be solved
 * @param startedAt when the bulk was
 */
record BulkRange(Key key, BulkTarget target, String reached, String lastUser, Instant startedAt) {

  /** The range's name in db-scheduler's table is {@code bulk/number}. */
  record Key(long bulk, int number) {

    /**
     * @throws IllegalArgumentException if it is no range's name
     */
    static Key parse(String name) {
      int slash = name.indexOf('/');
      return new Key(
          Long.parseLong(name.substring(0, Math.max(0, slash))),
          Integer.parseInt(name.substring(slash + 1)));
    }
  }
}
