package dev.palate.user;

import java.util.Optional;
import org.springframework.data.repository.Repository;

interface Users extends Repository<User, String> {

  Optional<User> findById(String id);
}
