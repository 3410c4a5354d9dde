package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1NetworkPolicyEgressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyIngressRule;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1Service;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who reaches the service, and whom it reaches. */
class ExposureTest {

  private static List<String> ports(V1NetworkPolicyEgressRule rule) {
    return rule.getPorts().stream()
        .map(p -> p.getProtocol() + " " + p.getPort().getIntValue())
        .toList();
  }

  private static V1Service service(Rendered rendered, String name) {
    return rendered.all(V1Service.class).stream()
        .filter(service -> service.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theApiIsForTheNamespaceAndMetricsAreForTheMonitoring() {
    V1NetworkPolicy policy = Chart.rendered(Chart.LEAST).one(V1NetworkPolicy.class);

    assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(policy.getSpec().getIngress()).hasSize(2);
    V1NetworkPolicyIngressRule api = policy.getSpec().getIngress().get(0);
    assertThat(api.getPorts()).extracting(p -> p.getPort().getStrValue()).containsExactly("http");
    assertThat(api.getFrom())
        .allSatisfy(peer -> {
          assertThat(peer.getPodSelector()).isNotNull();
          assertThat(peer.getNamespaceSelector()).isNull();
        });
    V1NetworkPolicyIngressRule metrics = policy.getSpec().getIngress().get(1);
    assertThat(metrics.getPorts())
        .extracting(p -> p.getPort().getStrValue())
        .containsExactly("management");
    assertThat(metrics.getFrom())
        .singleElement()
        .satisfies(peer ->
            assertThat(peer.getNamespaceSelector().getMatchLabels())
                .containsEntry("kubernetes.io/metadata.name", "monitoring"));
  }

  @Test
  void outGoDnsAndPostgresqlAndNothingElse() {
    V1NetworkPolicy policy = Chart.rendered(Chart.LEAST).one(V1NetworkPolicy.class);

    assertThat(policy.getSpec().getEgress())
        .extracting(ExposureTest::ports)
        .containsExactly(List.of("UDP 53", "TCP 53"), List.of("TCP 5432"));
    assertThat(policy.getSpec().getEgress().getFirst().getTo()).isNotEmpty();
  }

  @Test
  void theDatabasesAddressAndFurtherWaysOutAreNamed() {
    V1NetworkPolicy policy =
        Chart.rendered(
                Chart.LEAST
                    + "networkPolicy: {egress: {postgresql: {port: 6432, to: [{ipBlock: {cidr: 10.0.0.5/32}}]},"
                    + " extra: [{ports: [{port: 4318, protocol: TCP}]}]}}\n")
            .one(V1NetworkPolicy.class);

    assertThat(policy.getSpec().getEgress())
        .extracting(ExposureTest::ports)
        .containsExactly(List.of("UDP 53", "TCP 53"), List.of("TCP 6432"), List.of("TCP 4318"));
    assertThat(policy.getSpec().getEgress().get(1).getTo().getFirst().getIpBlock().getCidr())
        .isEqualTo("10.0.0.5/32");
  }

  @Test
  void theIdentityProviderIsReachedInModeJwtAndItsSettingsAreThere() {
    Rendered rendered = Chart.rendered(Values.MATRIX.get("tokens of an identity provider"));

    assertThat(rendered.one(V1NetworkPolicy.class).getSpec().getEgress())
        .extracting(ExposureTest::ports)
        .contains(List.of("TCP 443"));
    assertThat(rendered.setting("spring.security.oauth2.resourceserver.jwt.issuer-uri"))
        .isEqualTo("https://id.example");
    assertThat(rendered.setting("spring.security.oauth2.resourceserver.jwt.audiences"))
        .isEqualTo(List.of("palate"));
    assertThat(rendered.setting("palate.security.admin-key-file")).isNull();
  }

  @Test
  void theServiceShowsTheApiAloneWhateverItsType() {
    Rendered rendered = Chart.rendered(Chart.LEAST + "service: {type: LoadBalancer, port: 80}\n");

    V1Service api = service(rendered, "rel-palate");
    assertThat(api.getSpec().getType()).isEqualTo("LoadBalancer");
    assertThat(api.getSpec().getPorts())
        .extracting(p -> p.getPort() + " " + p.getTargetPort().getStrValue())
        .containsExactly("80 http");
    V1Service metrics = service(rendered, "rel-palate-metrics");
    assertThat(metrics.getSpec().getType()).isEqualTo("ClusterIP");
    assertThat(metrics.getSpec().getSelector())
        .isEqualTo(rendered.one(V1Deployment.class).getSpec().getSelector().getMatchLabels())
        .isEqualTo(api.getSpec().getSelector());
  }

  @Test
  void anIngressLeadsToTheServiceAndItsControllerIsLetIn() {
    Rendered rendered = Chart.rendered(Values.MATRIX.get("an ingress"));

    V1Ingress ingress = rendered.one(V1Ingress.class);
    assertThat(ingress.getSpec().getRules())
        .hasSize(2)
        .allSatisfy(rule ->
            assertThat(rule.getHttp().getPaths().getFirst().getBackend().getService().getName())
                .isEqualTo("rel-palate"));
    assertThat(ingress.getSpec().getTls().getFirst().getSecretName()).isEqualTo("t");
    assertThat(rendered.one(V1NetworkPolicy.class).getSpec().getIngress().getFirst().getFrom())
        .extracting(V1NetworkPolicyPeer::getNamespaceSelector)
        .filteredOn(Objects::nonNull)
        .singleElement()
        .satisfies(of ->
            assertThat(of.getMatchLabels())
                .containsEntry("kubernetes.io/metadata.name", "ingress-nginx"));
  }

  @Test
  void theServiceMonitorFindsTheMetricsServiceAndShowsAKey() {
    Rendered rendered = Chart.rendered(Values.MATRIX.get("monitoring"));

    ServiceMonitor monitor = rendered.one(ServiceMonitor.class);
    assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "prometheus");
    V1Service metrics = service(rendered, "rel-palate-metrics");
    assertThat(metrics.getMetadata().getLabels())
        .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
    assertThat(service(rendered, "rel-palate").getMetadata().getLabels())
        .as("not this one")
        .doesNotContainEntry(
            "app.kubernetes.io/component",
            monitor.getSpec().getSelector().getMatchLabels().get("app.kubernetes.io/component"));
    assertThat(monitor.getSpec().getEndpoints())
        .singleElement()
        .satisfies(endpoint -> {
          assertThat(endpoint.getPort())
              .isEqualTo(metrics.getSpec().getPorts().getFirst().getName());
          assertThat(endpoint.getPath()).isEqualTo("/actuator/prometheus");
          assertThat(endpoint.getAuthorization().getType()).isEqualTo("Bearer");
          assertThat(endpoint.getAuthorization().getCredentials().getName())
              .isEqualTo("metrics-key");
          assertThat(endpoint.getAuthorization().getCredentials().getKey()).isEqualTo("key");
        });
  }
}
