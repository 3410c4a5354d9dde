package dev.palate.user;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface WeightsRepository extends Repository<ExpertWeights, ExpertWeights.Key> {

  /** Weights and the user's present feedback_seq, of one moment. */
  @Query(
      """
      select w as weights, u.feedbackSeq as feedbackSeq
      from ExpertWeights w join User u on u.id = w.key.userId
      where w.key.userId = :user and w.key.modelVersion = :modelVersion
      """)
  Optional<WeightsAndSeq> findWithSeq(String user, String modelVersion);

  @Query(
      """
      select h from ExpertWeightsHistory h
      where h.key.userId = :user and h.key.modelVersion = :modelVersion and h.key.version < :before
      order by h.key.version desc
      """)
  List<ExpertWeightsHistory> history(String user, String modelVersion, long before, Limit limit);

  /** The projection of {@link #findWithSeq}. */
  interface WeightsAndSeq {
    ExpertWeights getWeights();

    long getFeedbackSeq();
  }
}
