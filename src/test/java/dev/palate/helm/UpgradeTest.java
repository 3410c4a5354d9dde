package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first key's secret through a release's life. */
class UpgradeTest {

  private static final String SECRET = "rel-palate-admin-key";

  private final ApiServer cluster = new ApiServer();

  @AfterEach
  void close() {
    cluster.close();
  }

  private String key() {
    String data =
        cluster.secret(Chart.NAMESPACE, SECRET).path("data").path("admin-key").asString("");
    return new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII);
  }

  private void uninstall() {
    Helm.uninstall(Chart.NAME)
        .withNamespace(Chart.NAMESPACE)
        .withKubeConfigContents(cluster.kubeConfig())
        .call();
  }

  @Test
  void anInstallationMakesAKeyOf256Bits() {
    Chart.install(cluster, Chart.LEAST);

    assertThat(key()).matches("admin\\.[0-9a-f]{64}");
    assertThat(cluster.secret(Chart.NAMESPACE, SECRET).path("metadata").path("annotations"))
        .anySatisfy(policy -> assertThat(policy.asString()).isEqualTo("keep"));
  }

  @Test
  void everyInstallationMakesItsOwn() {
    Chart.install(cluster, Chart.LEAST);
    try (ApiServer other = new ApiServer()) {
      Chart.install(other, Chart.LEAST);
      assertThat(other.secret(Chart.NAMESPACE, SECRET).path("data"))
          .isNotEqualTo(cluster.secret(Chart.NAMESPACE, SECRET).path("data"));
    }
  }

  @Test
  void theKeyIsTheSameAfterUpgradesAndAfterAnUninstallation() {
    Chart.install(cluster, Chart.LEAST);
    String made = key();

    Chart.upgrade(cluster, Chart.LEAST + "replicaCount: 3\n");
    Chart.upgrade(cluster, Chart.LEAST + "logs: {format: text}\n");
    assertThat(key()).isEqualTo(made);

    uninstall();
    assertThat(key()).isEqualTo(made);
    assertThat(cluster.secret(Chart.NAMESPACE, "pg").isMissingNode()).isTrue();

    Chart.install(cluster, Chart.LEAST);
    assertThat(key()).isEqualTo(made);
  }

  @Test
  void aSecretThatHoldsNoKeyIsNotTakenForOne() {
    cluster.put(
        Chart.NAMESPACE,
        SECRET,
        """
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "%s"}, "data": {"admin-key": "cGFzc3dvcmQ="}}
        """
            .formatted(SECRET));

    assertThatThrownBy(() -> Chart.install(cluster, Chart.LEAST))
        .hasMessageContaining("The secret " + SECRET + " holds no key of the form <id>.<secret>");
  }

  @Test
  void aSecretOfOnesOwnIsUsedAndNoneIsMade() {
    Rendered rendered =
        Chart.rendered(Chart.LEAST + "security: {adminKey: {existingSecret: mine, key: token}}\n");

    assertThat(rendered.all(io.kubernetes.client.openapi.models.V1Secret.class)).isEmpty();
    assertThat(rendered.pod().getVolumes())
        .filteredOn(volume -> volume.getName().equals("admin-key"))
        .singleElement()
        .satisfies(volume -> {
          assertThat(volume.getSecret().getSecretName()).isEqualTo("mine");
          assertThat(volume.getSecret().getItems().getFirst().getKey()).isEqualTo("token");
        });
    assertThat(rendered.setting("palate.security.admin-key-file"))
        .isEqualTo("/run/secrets/palate/admin-key");
  }

  @Test
  void helmsOwnTestAsksTheServiceWhetherItIsReady() {
    Chart.install(cluster, Chart.LEAST);

    assertThat(
            Helm.test(Chart.NAME)
                .withNamespace(Chart.NAMESPACE)
                .withKubeConfigContents(cluster.kubeConfig())
                .withTimeout(10)
                .call()
                .getStatus())
        .isEqualTo("deployed");

    var pod = Rendered.of(cluster.created()).one(io.kubernetes.client.openapi.models.V1Pod.class);
    assertThat(pod.getSpec().getContainers().getFirst().getArgs())
        .last()
        .isEqualTo("http://rel-palate:8080/readyz");
    assertThat(pod.getMetadata().getAnnotations()).containsEntry("helm.sh/hook", "test");
  }
}
