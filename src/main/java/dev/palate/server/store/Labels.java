package dev.palate.server.store;

import java.util.Collection;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

public interface Labels extends Repository<Label, Long> {

  /** One user's labels in the order they came, from behind the label {@code after}. */
  List<Label> findByUserIdAndIdGreaterThanOrderById(String userId, long after, Limit limit);

  List<Label> findByUserIdAndIdIn(String userId, Collection<Long> rows);

  int countByUserId(String userId);
}
