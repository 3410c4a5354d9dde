package dev.palate.helm;

import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules that the chart gives to Prometheus, and the series they speak of. */
record Alerts(List<Rule> rules) {

  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{([^}]*)\\}");
  private static final Set<String> PROMETHEUS = Set.of("namespace", "job", "instance");
  private static final Pattern LABEL = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"");

  /**
   * What is selected.
   *
   * @param labels names; without those that Prometheus adds
   */
  record Selector(String metric, Set<String> labels) {}

  static Alerts rendered() {
    PrometheusRule rule = Chart.rendered(Values.MATRIX.get("monitoring")).one(PrometheusRule.class);
    return new Alerts(
        rule.getSpec().getGroups().stream().flatMap(g -> g.getRules().stream()).toList());
  }

  List<Rule> alerts() {
    return rules.stream().filter(rule -> rule.getAlert() != null).toList();
  }

  Set<String> recorded() {
    return rules.stream()
        .map(Rule::getRecord)
        .filter(name -> name != null)
        .collect(Collectors.toSet());
  }

  List<Selector> selectors() {
    return rules.stream()
        .flatMap(rule -> selectors(rule.getExpr().getStrVal()))
        .distinct()
        .toList();
  }

  /** Each selector is written with braces, so that none is missed: see {@code _alerts.tpl}. */
  static Stream<Selector> selectors(String expression) {
    return SELECTOR
        .matcher(expression)
        .results()
        .map(found ->
            new Selector(
                found.group(1),
                LABEL
                    .matcher(found.group(2))
                    .results()
                    .map(label -> label.group(1))
                    .filter(label -> !PROMETHEUS.contains(label))
                    .collect(Collectors.toSet())));
  }
}
