package dev.palate.server.score;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** One real Tomcat on a random port, shared by the tests of this room. */
@ResourceLock("web")
@SpringBootTest(classes = WebTestConfiguration.class, webEnvironment = WebEnvironment.RANDOM_PORT)
public abstract class WebTest {

  public Http http = new Http(0);
  int port;
  public FakeModel model = new FakeModel();
  public FakeWeights weights = new FakeWeights();

  @BeforeEach
  void connect(
      @LocalServerPort int port, @Autowired FakeModel model, @Autowired FakeWeights weights) {
    this.http = new Http(port);
    this.port = port;
    this.model = model;
    this.weights = weights;
  }
}
