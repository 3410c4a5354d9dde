package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot be meant so are refused, with a word on what to do. */
class BadValuesTest {

  private static void refused(String values, String message) {
    try (ApiServer cluster = new ApiServer()) {
      assertThatThrownBy(() -> Chart.install(cluster, values)).hasMessageContaining(message);
    }
  }

  @Test
  void withoutADatabaseItSaysHowToNameOne() {
    refused("{}\n", "kubectl -n ns create secret generic palate-database");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense: 1                                           | additional properties 'nonsense' not allowed
          image: {tagg: x}                                      | additional properties 'tagg' not allowed
          security: {mode: none}                                | value must be one of 'api-key', 'jwt'
          replicaCount: two                                     | got string, want integer
          image: {digest: abc}                                  | does not match pattern
          service: {port: 70000}                                | maximum
          networkPolicy: {ingress: {from: []}}                  | minItems
          podDisruptionBudget: {maxUnavailable: some}           | does not match pattern
          metrics: {prometheusRule: {thresholds: {adaptationLagSeconds: 60}}} | 30
          security: {mode: jwt}                                 | needs security.jwt.issuerUri
          security: {mode: jwt, jwt: {issuerUri: 'https://i'}}  | needs security.jwt.audiences
          model: {source: pvc}                                  | needs model.pvc.claimName
          model: {source: init}                                 | needs model.init.image
          model: {pvc: {claimName: c}}                          | model.source is image, but model.pvc is set too
          model: {source: pvc, pvc: {claimName: c}, init: {image: i}} | but model.init is set too
          model: {device: gpu}                                  | needs gpu.enabled=true
          shutdown: {timeoutSeconds: 60}                        | terminationGracePeriodSeconds is 75 and must exceed 90
          autoscaling: {enabled: true}                          | enable both
          autoscaling: {enabled: true, metric: cpu, maxReplicas: 1} | maxReplicas is less than
          metrics: {serviceMonitor: {enabled: true}}            | Metrics want a key of scope read
          ingress: {enabled: true}                              | needs ingress.hosts
          """)
  void aValueThatCannotBeMeantSoIsRefused(String values, String message) {
    refused(Chart.LEAST + values + "\n", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {url: 'mysql://x', existingSecret: pg}          | does not match pattern
          {existingSecret: pg, plain: {password: x}}      | plain.enabled is not
          {existingSecret: pg, plain: {enabled: true}}    | keep one
          {plain: {enabled: true}}                        | needs database.url
          """)
  void aDatabaseThatIsHalfToldOrTwiceIsRefused(String database, String message) {
    refused("database: " + database + "\n", message);
  }

  @Test
  void aJobCannotReadASecretThatIsNotThereYet() {
    refused(
        "database: {url: 'jdbc:postgresql://x/y', plain: {enabled: true, username: u, password: p}}\n"
            + "migration: {mode: job}\n",
        "needs database.existingSecret");
  }
}
