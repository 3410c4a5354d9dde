package dev.palate.server.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A user with feedback. Written by {@link UserRows} alone, under the row's lock. */
@Entity
@Table(name = "users")
public class User {

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

  public UUID incarnation() {
    return incarnation;
  }

  public long feedbackSeq() {
    return feedbackSeq;
  }
}
