package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import org.junit.jupiter.api.Test;

/** How many replicas there are, and where. */
class ScalingTest {

  @Test
  void scalingIsByTheQueueTimeThatTheRuleRecords() {
    Rendered rendered = Chart.rendered(Values.MATRIX.get("scaling by queue time"));

    V2HorizontalPodAutoscaler scaler = rendered.one(V2HorizontalPodAutoscaler.class);
    assertThat(scaler.getSpec().getScaleTargetRef().getKind()).isEqualTo("Deployment");
    assertThat(scaler.getSpec().getScaleTargetRef().getName()).isEqualTo("rel-palate");
    assertThat(scaler.getSpec().getMetrics())
        .singleElement()
        .satisfies(metric -> {
          assertThat(metric.getType()).isEqualTo("Pods");
          assertThat(metric.getPods().getTarget().getAverageValue().getNumber())
              .isEqualByComparingTo("0.05");
          assertThat(rendered.one(PrometheusRule.class).getSpec().getGroups().getFirst().getRules())
              .extracting(rule -> rule.getRecord())
              .contains(metric.getPods().getMetric().getName());
        });
    assertThat(rendered.one(V1Deployment.class).getSpec().getReplicas())
        .as("the scaler's")
        .isNull();
  }

  @Test
  void withoutACustomMetricsApiItIsByProcessor() {
    assertThat(
            Chart.rendered(Values.MATRIX.get("scaling by processor"))
                .one(V2HorizontalPodAutoscaler.class)
                .getSpec()
                .getMetrics())
        .singleElement()
        .satisfies(metric -> assertThat(metric.getResource().getName()).isEqualTo("cpu"));
    assertThat(
            Chart.rendered(Values.MATRIX.get("scaling by both"))
                .one(V2HorizontalPodAutoscaler.class)
                .getSpec()
                .getMetrics())
        .extracting(metric -> metric.getType())
        .containsExactly("Pods", "Resource");
  }

  @Test
  void aDrainTakesOneReplicaAtATimeAndOneThatIsNotReadyHoldsNoNode() {
    Rendered rendered = Chart.rendered(Chart.LEAST);

    V1PodDisruptionBudget budget = rendered.one(V1PodDisruptionBudget.class);
    assertThat(budget.getSpec().getMaxUnavailable().getIntValue()).isEqualTo(1);
    assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow");
    assertThat(budget.getSpec().getSelector().getMatchLabels())
        .isEqualTo(rendered.one(V1Deployment.class).getSpec().getSelector().getMatchLabels());
    assertThat(rendered.one(V1Deployment.class).getSpec().getReplicas()).isEqualTo(2);
    assertThat(
            Chart.rendered(Chart.LEAST + "podDisruptionBudget: {maxUnavailable: '25%'}\n")
                .one(V1PodDisruptionBudget.class)
                .getSpec()
                .getMaxUnavailable()
                .getStrValue())
        .isEqualTo("25%");
  }

  @Test
  void anUpgradeTakesNoReplicaAwayBeforeAnotherIsReady() {
    var strategy = Chart.rendered(Chart.LEAST).one(V1Deployment.class).getSpec().getStrategy();

    assertThat(strategy.getRollingUpdate().getMaxUnavailable().getIntValue()).isZero();
    assertThat(strategy.getRollingUpdate().getMaxSurge().getIntValue()).isEqualTo(1);
  }

  @Test
  void replicasAreSpreadOverZonesAndNodes() {
    Rendered rendered = Chart.rendered(Chart.LEAST);

    assertThat(rendered.pod().getTopologySpreadConstraints())
        .extracting(spread -> spread.getTopologyKey())
        .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
    assertThat(rendered.pod().getTopologySpreadConstraints())
        .allSatisfy(spread ->
            assertThat(spread.getLabelSelector().getMatchLabels())
                .isEqualTo(
                    rendered.one(V1Deployment.class).getSpec().getSelector().getMatchLabels()));
  }
}
