package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.marcnuri.helm.Helm;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds with any values: for every object that Helm sends, and every pod that would run. */
class MatrixTest {

  @TestFactory
  Stream<DynamicTest> everyObjectIsOneOfKubernetesAndEveryPodIsLockedDown() {
    return Values.MATRIX.entrySet().stream()
        .map(values -> dynamicTest(values.getKey(), () -> holds(values.getValue())));
  }

  private static void holds(String values) {
    Rendered rendered;
    try (ApiServer cluster = new ApiServer()) {
      Chart.install(cluster, values);
      if (!values.contains("tests: {enabled: false}")) {
        Helm.test(Chart.NAME)
            .withNamespace(Chart.NAMESPACE)
            .withKubeConfigContents(cluster.kubeConfig())
            .withTimeout(10)
            .call();
      }
      rendered = Rendered.of(cluster.created());
    }
    for (KubernetesObject object : rendered.all(KubernetesObject.class)) {
      assertThat(object.getMetadata().getNamespace()).isEqualTo(Chart.NAMESPACE);
      assertThat(object.getMetadata().getLabels())
          .as("%s", object.getMetadata().getName())
          .containsEntry("app.kubernetes.io/instance", Chart.NAME)
          .containsKeys(
              "app.kubernetes.io/name",
              "app.kubernetes.io/version",
              "app.kubernetes.io/managed-by",
              "app.kubernetes.io/component",
              "helm.sh/chart");
    }
    assertThat(pods(rendered)).isNotEmpty();
    pods(rendered).forEach(MatrixTest::isLockedDown);
    isSelectedByItself(rendered.one(V1Deployment.class));
    everyVolumeIsUsedAndEveryMountIsThere(rendered.pod());
  }

  private static List<V1PodSpec> pods(Rendered rendered) {
    return Stream.of(
            rendered.all(V1Deployment.class).stream().map(d -> d.getSpec().getTemplate().getSpec()),
            rendered.all(V1Job.class).stream().map(j -> j.getSpec().getTemplate().getSpec()),
            rendered.all(V1Pod.class).stream().map(V1Pod::getSpec))
        .flatMap(pods -> pods)
        .toList();
  }

  private static void isLockedDown(V1PodSpec pod) {
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getEnableServiceLinks()).isFalse();
    assertThat(pod.getHostNetwork()).isNull();
    assertThat(pod.getHostPID()).isNull();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    List<V1Container> all =
        Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream()).toList();
    for (V1Container container : all) {
      var security = container.getSecurityContext();
      assertThat(security.getReadOnlyRootFilesystem()).isTrue();
      assertThat(security.getAllowPrivilegeEscalation()).isFalse();
      assertThat(security.getPrivileged()).isFalse();
      assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(security.getCapabilities().getAdd()).isEmpty();
      assertThat(container.getCommand()).as("no shell").isIn(List.of(), List.of("cp"));
    }
    assertThat(pod.getVolumes()).allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
  }

  private static void isSelectedByItself(V1Deployment deployment) {
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels).containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
  }

  private static void everyVolumeIsUsedAndEveryMountIsThere(V1PodSpec pod) {
    assertThat(pod.getContainers().getFirst().getVolumeMounts())
        .extracting(mount -> mount.getName())
        .containsExactlyInAnyOrderElementsOf(
            pod.getVolumes().stream().map(volume -> volume.getName()).toList());
  }

  @Test
  void aFieldThatKubernetesDoesNotHaveIsNoticed() {
    assertThat(
            refusal("{'apiVersion':'v1','kind':'Service','metadata':{},'spec':{'clusterIp':'x'}}"))
        .contains("clusterIp");
    assertThat(
            refusal(
                "{'apiVersion':'monitoring.coreos.com/v1','kind':'ServiceMonitor','metadata':{},"
                    + "'spec':{'endpoints':[{'intervall':'1s'}]}}"))
        .contains("intervall");
  }

  @Test
  void aFieldThatMustBeThereIsNoticed() {
    assertThat(
            refusal(
                "{'apiVersion':'autoscaling/v2','kind':'HorizontalPodAutoscaler','metadata':{},"
                    + "'spec':{'maxReplicas':2}}"))
        .contains("scaleTargetRef");
  }

  private static String refusal(String json) {
    try {
      Rendered.typed(json.replace('\'', '"'));
      return "";
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }
}
