package dev.palate.user;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A user with feedback. Written by {@link UserRows} alone, under the row's lock. */
@Entity
@Table(name = "users")
class User {

  @Id private String id;
  private UUID incarnation;
  private long feedbackSeq;
  private Instant feedbackAt;
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected User() {}

  String id() {
    return id;
  }

  UUID incarnation() {
    return incarnation;
  }

  long feedbackSeq() {
    return feedbackSeq;
  }
}
