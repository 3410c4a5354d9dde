package dev.palate.user;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;

/** A preference label as it was given: for {@code prompt}, chosen is better than rejected. */
@Entity
class Label {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private String userId;
  private String labelId;

  @Column(columnDefinition = "text")
  private String prompt;

  @Column(columnDefinition = "text")
  private String chosen;

  @Column(columnDefinition = "text")
  private String rejected;

  @Column(columnDefinition = "real")
  private float strength;

  private byte[] contentHash;
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected Label() {}

  long id() {
    return id;
  }

  String labelId() {
    return labelId;
  }

  String prompt() {
    return prompt;
  }

  String chosen() {
    return chosen;
  }

  String rejected() {
    return rejected;
  }

  float strength() {
    return strength;
  }

  Instant createdAt() {
    return createdAt;
  }
}
