package dev.palate.server.score.dropin;

import org.jspecify.annotations.Nullable;

/** For whom a request is: these clients may have no way to put a user into their body. */
final class Sender {

  private Sender() {}

  /**
   * @param inBody wins over the address
   * @param inQuery {@code ?user=} of the address
   */
  static @Nullable String user(@Nullable String inBody, @Nullable String inQuery) {
    return inBody == null ? inQuery : inBody;
  }
}
