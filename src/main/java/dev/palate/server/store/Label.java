package dev.palate.server.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A label as it was given: for {@code prompt}, chosen is better than rejected; or, a tie, neither
 * of two responses is. Its texts may have been dropped for their age.
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

  private boolean tie;

  @Column(columnDefinition = "text")
  private @Nullable String tiePrompt;

  @Column(columnDefinition = "text")
  private @Nullable String tieFirst;

  @Column(columnDefinition = "text")
  private @Nullable String tieSecond;

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

  boolean tie() {
    return tie;
  }

  @Nullable String prompt() {
    return tie ? tiePrompt : prompt;
  }

  @Nullable String chosen() {
    return chosen;
  }

  @Nullable String rejected() {
    return rejected;
  }

  /** Of a tie; null also where they were dropped. */
  @Nullable List<String> responses() {
    return tieFirst == null || tieSecond == null ? null : List.of(tieFirst, tieSecond);
  }

  float strength() {
    return strength;
  }

  Instant createdAt() {
    return createdAt;
  }
}
