package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The service's own pod: how it starts, lives and ends, and where it gets what it needs. */
class PodTest {

  private static void asks(V1Probe probe, String path) {
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
    assertThat(probe.getHttpGet().getPort().getStrValue()).isEqualTo("http");
  }

  private static List<V1EnvVar> env(V1Container container, String name) {
    return container.getEnv().stream().filter(variable -> variable.getName().equals(name)).toList();
  }

  @Test
  void startAndReadinessAskReadyzAndLivenessAsksLivezOnTheApisPort() {
    V1Container container = Chart.rendered(Chart.LEAST).container();

    asks(container.getStartupProbe(), "/readyz");
    asks(container.getLivenessProbe(), "/livez");
    asks(container.getReadinessProbe(), "/readyz");
    assertThat(container.getPorts())
        .extracting(port -> port.getName() + " " + port.getContainerPort())
        .containsExactly("http 8080", "management 8081");
  }

  @Test
  void aStoppingReplicaLeavesTheEndpointsFirstAndHasTimeForWhatItAccepted() {
    Rendered rendered = Chart.rendered(Chart.LEAST);

    assertThat(rendered.container().getLifecycle().getPreStop().getSleep().getSeconds())
        .isEqualTo(10);
    assertThat(rendered.container().getLifecycle().getPreStop().getExec()).as("a shell").isNull();
    assertThat(rendered.setting("spring.lifecycle.timeout-per-shutdown-phase")).isEqualTo("30s");
    assertThat(rendered.pod().getTerminationGracePeriodSeconds()).isGreaterThan(10 + 30 + 20);
  }

  @Test
  void settingsThatChangeMakeNewPods() {
    String before = checksum(Chart.LEAST);
    assertThat(checksum(Chart.LEAST)).isEqualTo(before);
    assertThat(checksum(Chart.LEAST + "security: {quota: {requestsPerMinute: 1}}\n"))
        .isNotEqualTo(before);
  }

  private static String checksum(String values) {
    return Chart.rendered(values)
        .one(V1Deployment.class)
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .get("checksum/config");
  }

  @Test
  void theDatabaseComesFromTheSecretUnderTheKeysThatAreNamed() {
    V1Container container =
        Chart.rendered(
                "database: {existingSecret: pg, urlKey: jdbc, usernameKey: user, passwordKey: pass}\n")
            .container();

    assertThat(container.getEnv())
        .filteredOn(variable -> variable.getName().startsWith("SPRING_DATASOURCE"))
        .extracting(variable ->
            variable.getValueFrom().getSecretKeyRef().getName()
                + "/"
                + variable.getValueFrom().getSecretKeyRef().getKey())
        .containsExactly("pg/jdbc", "pg/user", "pg/pass");
  }

  @Test
  void aPlainPasswordIsInASecretAndNowhereElse() {
    Rendered rendered =
        Chart.rendered(
            "database: {url: 'jdbc:postgresql://pg/palate', plain: {enabled: true, username: u, password: hush}}\n");

    assertThat(rendered.all(V1Secret.class))
        .filteredOn(secret -> secret.getMetadata().getName().equals("rel-palate-database"))
        .singleElement()
        .satisfies(
            secret -> assertThat(secret.getData().get("password")).asString().isEqualTo("hush"));
    assertThat(rendered.one(V1Deployment.class).toString()).doesNotContain("hush");
    assertThat(rendered.one(V1ConfigMap.class).toString()).doesNotContain("hush");
  }

  @Test
  void aGpuIsALimitAndTheServiceDoesNotStartWithoutOne() {
    Rendered rendered =
        Chart.rendered(
            Chart.LEAST
                + "gpu: {enabled: true, count: 2, runtimeClassName: nvidia, imageTagSuffix: -gpu}\n");

    assertThat(rendered.container().getResources().getLimits().get("nvidia.com/gpu").getNumber())
        .isEqualByComparingTo("2");
    assertThat(rendered.container().getResources().getLimits()).containsKeys("cpu", "memory");
    assertThat(rendered.pod().getRuntimeClassName()).isEqualTo("nvidia");
    assertThat(rendered.pod().getTolerations())
        .extracting(t -> t.getKey())
        .containsExactly("nvidia.com/gpu");
    assertThat(rendered.container().getImage()).endsWith("-gpu");
    assertThat(rendered.setting("palate.model.device")).isEqualTo("gpu");
  }

  @Test
  void withoutAGpuNothingOfItIsThere() {
    Rendered rendered = Chart.rendered(Chart.LEAST);

    assertThat(rendered.container().getResources().getLimits()).containsOnlyKeys("cpu", "memory");
    assertThat(rendered.container().getResources().getRequests()).containsOnlyKeys("cpu", "memory");
    assertThat(rendered.pod().getTolerations()).isEmpty();
    assertThat(rendered.setting("palate.model.device")).isEqualTo("cpu");
  }

  @Test
  void theBundleIsTheImagesOrAClaimsOrWhatAnInitContainerWrites() {
    assertThat(Chart.rendered(Chart.LEAST).setting("palate.model.bundle")).isNull();
    assertThat(
            Chart.rendered(Chart.LEAST + "model: {image: {path: /app/models/x}}\n")
                .setting("palate.model.bundle"))
        .isEqualTo("/app/models/x");

    Rendered claim = Chart.rendered(Values.MATRIX.get("a bundle in a claim"));
    assertThat(claim.setting("palate.model.bundle")).isEqualTo("/models/a/b");
    assertThat(claim.container().getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("models"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());

    Rendered init = Chart.rendered(Values.MATRIX.get("a bundle by an init container"));
    assertThat(init.setting("palate.model.bundle")).isEqualTo("/models/bundle");
    assertThat(init.pod().getInitContainers()).hasSize(1);
    assertThat(init.pod().getInitContainers().getFirst().getArgs())
        .containsExactly("-r", "/bundle", "/models/bundle");
  }

  @Test
  void aReplicaMigratesAsItStartsUnlessAJobDoesSoBefore() {
    assertThat(Chart.rendered(Chart.LEAST).setting("spring.flyway.enabled")).isNull();

    Rendered rendered = Chart.rendered(Values.MATRIX.get("migration by a job"));
    V1Job job = rendered.one(V1Job.class);
    assertThat(rendered.setting("spring.flyway.enabled")).isEqualTo(false);
    assertThat(job.getMetadata().getAnnotations())
        .containsEntry("helm.sh/hook", "pre-install,pre-upgrade");
    V1Container container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    assertThat(container.getArgs()).containsExactly("key", "list");
    assertThat(env(container, "SPRING_DATASOURCE_PASSWORD"))
        .singleElement()
        .satisfies(
            v -> assertThat(v.getValueFrom().getSecretKeyRef().getName()).isEqualTo("owner"));
    assertThat(container.getVolumeMounts())
        .as("a CA for PostgreSQL, as the service has it")
        .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/etc/ca"));
    assertThat(rendered.objects().getFirst()).as("made before anything else").isSameAs(job);
  }

  @Test
  void aDigestWinsOverATag() {
    String digest = "sha256:" + "a".repeat(64);
    assertThat(
            Chart.rendered(
                    Chart.LEAST + "image: {repository: r/p, tag: t, digest: '" + digest + "'}\n")
                .container()
                .getImage())
        .isEqualTo("r/p@" + digest);
    assertThat(
            Chart.rendered(Chart.LEAST + "image: {repository: r/p, tag: t}\n")
                .container()
                .getImage())
        .isEqualTo("r/p:t");
  }

  @Test
  void whatIsPassedOnIsThere() {
    Rendered rendered = Chart.rendered(Values.MATRIX.get("everything that is passed on"));
    V1Container container = rendered.container();

    assertThat(env(container, "A")).hasSize(1);
    assertThat(env(container, "DJL_CACHE_DIR")).hasSize(1);
    assertThat(env(container, "JAVA_TOOL_OPTIONS")).hasSize(1);
    assertThat(container.getEnvFrom()).hasSize(1);
    assertThat(rendered.pod().getImagePullSecrets()).hasSize(1);
    assertThat(rendered.pod().getPriorityClassName()).isEqualTo("high");
    assertThat(rendered.pod().getNodeSelector()).containsEntry("disk", "ssd");
    assertThat(rendered.pod().getAffinity().getNodeAffinity()).isNotNull();
    var template = rendered.one(V1Deployment.class).getSpec().getTemplate().getMetadata();
    assertThat(template.getLabels()).containsEntry("p", "l").containsEntry("team", "a");
    assertThat(template.getAnnotations()).containsEntry("p", "a").containsEntry("team", "a");
    assertThat(rendered.one(V1Deployment.class).getMetadata().getAnnotations())
        .containsEntry("d", "a");
    assertThat(rendered.setting("palate.adaptation.enabled")).isEqualTo(false);
    assertThat(rendered.setting("palate.security.mode"))
        .as("beside what the chart sets")
        .isEqualTo("api-key");
    assertThat(rendered.setting("palate.security.quota.tokens-per-minute")).isEqualTo(5000000);
    assertThat(rendered.setting("logging.structured.format.console")).isEqualTo("ecs");
  }
}
