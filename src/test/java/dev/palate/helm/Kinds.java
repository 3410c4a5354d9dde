package dev.palate.helm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of objects that {@link ApiServer} has, as a client discovers them. */
final class Kinds {

  private static final JsonMapper JSON = new JsonMapper();

  record Kind(String groupVersion, String name, String plural) {
    String prefix() {
      return (groupVersion.equals("v1") ? "/api/" : "/apis/") + groupVersion;
    }
  }

  private static final List<Kind> ALL =
      List.of(
          new Kind("v1", "Secret", "secrets"),
          new Kind("v1", "ConfigMap", "configmaps"),
          new Kind("v1", "Service", "services"),
          new Kind("v1", "ServiceAccount", "serviceaccounts"),
          new Kind("v1", "Pod", "pods"),
          new Kind("apps/v1", "Deployment", "deployments"),
          new Kind("batch/v1", "Job", "jobs"),
          new Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
          new Kind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
          new Kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
          new Kind("networking.k8s.io/v1", "Ingress", "ingresses"),
          new Kind("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors"),
          new Kind("monitoring.coreos.com/v1", "PrometheusRule", "prometheusrules"));

  private Kinds() {}

  /** The kind that a list's path ends in. */
  static Kind of(String path) {
    return ALL.stream()
        .filter(kind -> path.endsWith("/" + kind.plural))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind is at " + path));
  }

  /** What is answered to one who asks what there is; null to every other. */
  static @Nullable String discovery(String path) {
    return switch (path) {
      case "/version" -> "{\"major\": \"1\", \"minor\": \"34\", \"gitVersion\": \"v1.34.0\"}";
      case "/api" -> "{\"kind\": \"APIVersions\", \"versions\": [\"v1\"]}";
      case "/apis" -> groups();
      // an empty protobuf: no kind is described, so the client checks none
      case "/openapi/v2" -> "";
      default -> resources(path);
    };
  }

  private static String groups() {
    ObjectNode all = JSON.createObjectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = all.putArray("groups");
    ALL.stream()
        .map(Kind::groupVersion)
        .filter(version -> version.contains("/"))
        .distinct()
        .forEach(version -> {
          String[] parts = version.split("/");
          ObjectNode group = groups.addObject().put("name", parts[0]);
          group
              .putArray("versions")
              .addObject()
              .put("groupVersion", version)
              .put("version", parts[1]);
          group.putObject("preferredVersion").put("groupVersion", version).put("version", parts[1]);
        });
    return all.toString();
  }

  private static @Nullable String resources(String path) {
    List<Kind> kinds = ALL.stream().filter(kind -> kind.prefix().equals(path)).toList();
    if (kinds.isEmpty()) {
      return null;
    }
    ObjectNode all = JSON.createObjectNode().put("kind", "APIResourceList").put("apiVersion", "v1");
    all.put("groupVersion", kinds.getFirst().groupVersion);
    ArrayNode resources = all.putArray("resources");
    for (Kind kind : kinds) {
      ObjectNode resource = resources.addObject().put("name", kind.plural).put("kind", kind.name);
      resource.put("namespaced", true).put("singularName", "");
      ArrayNode verbs = resource.putArray("verbs");
      List.of("get", "list", "create", "patch", "delete", "watch").forEach(verbs::add);
    }
    return all.toString();
  }
}
