package dev.palate.server.store;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

public interface WeightsRepository extends Repository<ExpertWeights, ExpertWeights.Key> {

  Optional<ExpertWeights> findById(ExpertWeights.Key key);

  default Optional<StoredWeights> find(UserId user, String modelVersion) {
    return findById(new ExpertWeights.Key(user.value(), modelVersion)).map(ExpertWeights::stored);
  }

  @Query(
      """
      select h from ExpertWeightsHistory h
      where h.key.userId = :user and h.key.modelVersion = :modelVersion and h.key.version < :before
      order by h.key.version desc
      """)
  List<ExpertWeightsHistory> history(String user, String modelVersion, long before, Limit limit);
}
