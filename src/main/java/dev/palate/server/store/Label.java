package dev.palate.server.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A preference label as it was given: for {@code prompt}, chosen is better than rejected. The three
 * texts may have been dropped for their age.
 */
@Entity
public class Label {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private String userId;
  private String labelId;

  @Column(columnDefinition = "text")
  private @Nullable String prompt;

  @Column(columnDefinition = "text")
  private @Nullable String chosen;

  @Column(columnDefinition = "text")
  private @Nullable String rejected;

  @Column(columnDefinition = "real")
  private float strength;

  private byte[] contentHash;
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected Label() {}

  public long id() {
    return id;
  }

  String labelId() {
    return labelId;
  }

  @Nullable String prompt() {
    return prompt;
  }

  @Nullable String chosen() {
    return chosen;
  }

  @Nullable String rejected() {
    return rejected;
  }

  float strength() {
    return strength;
  }

  Instant createdAt() {
    return createdAt;
  }
}
