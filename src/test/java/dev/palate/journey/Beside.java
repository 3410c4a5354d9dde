package dev.palate.journey;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replicas of different settings on one machine, to be measured in turns. The first brings its
 * PostgreSQL, the others have databases of their own on it and assembled models in common, which
 * spares most of a first start.
 */
final class Beside implements AutoCloseable {

  private final Path dataDir;
  private final List<PalateProcess> replicas = new ArrayList<>();

  Beside(Path dataDir) {
    this.dataDir = dataDir;
  }

  PalateProcess start(String... options) throws IOException, SQLException {
    List<String> all = new ArrayList<>(List.of(options));
    if (!replicas.isEmpty()) {
      try (BenchDatabase server = BenchDatabase.of(dataDir)) {
        String url = server.create("beside" + replicas.size());
        all.add("--spring.datasource.url=" + url);
        all.add("--spring.datasource.username=postgres");
      }
    }
    PalateProcess replica = PalateProcess.start(dataDir, all.toArray(String[]::new));
    replicas.add(replica);
    return replica;
  }

  /** The first, which brought PostgreSQL, last. */
  @Override
  public void close() {
    replicas.reversed().forEach(PalateProcess::close);
  }
}
