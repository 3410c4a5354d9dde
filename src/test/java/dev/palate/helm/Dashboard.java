package dev.palate.helm;

import dev.palate.helm.Alerts.Selector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard that docker-compose.yml gives to Grafana. */
record Dashboard(JsonNode json) {

  private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
  private static final Pattern SHOWN = Pattern.compile("\\{\\{(\\w+)}}");

  /** What Prometheus adds. */
  private static final Set<String> ADDED = Set.of("job", "instance");

  static Dashboard read() throws IOException {
    Path file = Path.of("helm", "palate", "dashboards", "palate.json");
    return new Dashboard(JsonMapper.shared().readTree(Files.readString(file)));
  }

  /** Without the rows' titles. */
  List<JsonNode> panels() {
    return json.path("panels")
        .valueStream()
        .filter(panel -> !panel.path("type").asString().equals("row"))
        .toList();
  }

  List<JsonNode> targets() {
    return panels().stream().flatMap(panel -> panel.path("targets").valueStream()).toList();
  }

  /** What is selected, with every label that it is selected, grouped or named by. */
  List<Selector> selectors() {
    return targets().stream().flatMap(Dashboard::selectors).distinct().toList();
  }

  private static Stream<Selector> selectors(JsonNode target) {
    String expression = target.path("expr").asString();
    Set<String> labels = new HashSet<>();
    BY.matcher(expression)
        .results()
        .forEach(by -> labels.addAll(List.of(by.group(1).split(", *"))));
    labels.addAll(shown(target));
    labels.removeAll(ADDED);
    return Alerts.selectors(expression)
        .map(selector -> {
          Set<String> all = new HashSet<>(selector.labels());
          all.addAll(labels);
          return new Selector(selector.metric(), all);
        });
  }

  /** Labels in the legend. */
  static Set<String> shown(JsonNode target) {
    Set<String> labels = new HashSet<>();
    SHOWN
        .matcher(target.path("legendFormat").asString())
        .results()
        .forEach(shown -> labels.add(shown.group(1)));
    return labels;
  }
}
