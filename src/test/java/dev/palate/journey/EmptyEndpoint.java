package dev.palate.journey;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the server can do where there is nothing to do. Put beside the jar by the benchmark. */
@RestController
@ConditionalOnProperty("palate.bench.empty-endpoint")
class EmptyEndpoint {

  @PostMapping("/empty")
  ResponseEntity<Void> empty() {
    return ResponseEntity.ok().build();
  }
}
