package dev.palate.server.security.keys;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes, lists and revokes keys. */
class ApiKeys {

  private final ApiKeyRows rows;
  private final SecureRandom random;
  private final Clock clock;

  ApiKeys(ApiKeyRows rows, SecureRandom random, Clock clock) {
    this.rows = rows;
    this.random = random;
    this.clock = clock;
  }

  /** A new key: the only moment at which its secret is known. */
  record Created(KeyToken token, ApiKey key) {}

  /**
   * @param createdBy the id of the key that asks for it, or {@code command line}
   * @throws dev.palate.server.web.ProblemException INVALID_REQUEST if it cannot be made so
   */
  Created create(NewKey asked, String createdBy) {
    // as PostgreSQL keeps it
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    asked.check(now);
    KeyToken token = KeyToken.random(random);
    rows.insert(token, asked, now, createdBy);
    return new Created(token, rows.find(token.id()).orElseThrow().key());
  }

  List<ApiKey> list(long after, int limit) {
    return rows.list(after, limit);
  }

  /**
   * @return whether there is such a key; revoked twice, it stays revoked
   */
  boolean revoke(String id) {
    return rows.revoke(id, clock.instant());
  }
}
