package dev.palate.user;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class StoredUserWeights implements UserWeights {

  private final WeightsRepository weights;

  StoredUserWeights(WeightsRepository weights) {
    this.weights = weights;
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<StoredWeights> find(UserId user, String modelVersion) {
    return weights
        .findById(new ExpertWeights.Key(user.value(), modelVersion))
        .map(ExpertWeights::stored);
  }
}
