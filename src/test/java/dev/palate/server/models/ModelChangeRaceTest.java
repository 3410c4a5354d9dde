package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.server.adaptation.ServiceTest;
import dev.palate.server.adaptation.TestModel;
import dev.palate.server.bulk.BulkStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Changes of the model here, while others are made elsewhere or the database is gone. */
class ModelChangeRaceTest extends ServiceTest {

  private static final String FORMER = "aaaa0001";
  private static final String ELSEWHERE = "aaaa0002";

  /** The service's own version, so that no bulk is begun for one that nobody serves. */
  private static final String HERE = "0123abcd";

  @TempDir Path bundles;
  @Autowired ModelActivations activations;
  @Autowired BulkStart bulk;

  private final TestModel replica = new TestModel();

  @BeforeEach
  void serveTheFormer() throws IOException {
    for (String version : new String[] {FORMER, ELSEWHERE, HERE}) {
      Files.createDirectory(bundles.resolve(version));
    }
    replica.serveVersion(FORMER);
  }

  @AfterEach
  void forget() {
    jdbc.sql("delete from model_activation").update();
  }

  private ModelActivation activatedElsewhere() {
    activations.add(ELSEWHERE, ELSEWHERE, FORMER, "another replica");
    return activations.newest().orElseThrow();
  }

  /** The follower reads, this replica changes, the follower goes on with what it read. */
  @Test
  void whatWasReadBeforeAChangeHereDoesNotTakeItBack() {
    ModelChange change = new ModelChange(replica, activations, bulk, bundles);
    ModelActivation read = activatedElsewhere();
    change.activate(HERE, "tester");

    change.follow(read);

    assertThat(replica.bundle().version()).isEqualTo(HERE);
  }

  @Test
  void whatWasMadeElsewhereAfterAChangeHereIsFollowed() {
    ModelChange change = new ModelChange(replica, activations, bulk, bundles);
    change.activate(HERE, "tester");

    change.follow(activatedElsewhere());

    assertThat(replica.bundle().version()).isEqualTo(ELSEWHERE);
  }

  @Test
  void whatTheOthersCannotBeToldIsNotServedHereEither() {
    JdbcClient gone =
        JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"));
    ModelChange change = new ModelChange(replica, new ModelActivations(gone), bulk, bundles);

    assertThatThrownBy(() -> change.activate(HERE, "tester"))
        .isInstanceOf(DataAccessException.class);

    assertThat(replica.bundle().version()).isEqualTo(FORMER);
  }
}
