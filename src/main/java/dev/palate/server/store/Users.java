package dev.palate.server.store;

import java.util.Optional;
import org.springframework.data.repository.Repository;

public interface Users extends Repository<User, String> {

  Optional<User> findById(String id);
}
