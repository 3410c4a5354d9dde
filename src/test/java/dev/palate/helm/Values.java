package dev.palate.helm;

import java.util.Map;

/** Values that together reach every branch of the chart's templates. */
final class Values {

  static final String MONITORED =
      """
      metrics:
        serviceMonitor: {enabled: true, labels: {release: prometheus}, authorization: {existingSecret: metrics-key}}
        prometheusRule: {enabled: true}
      """;

  static final Map<String, String> MATRIX =
      Map.ofEntries(
          Map.entry("the least", Chart.LEAST),
          Map.entry(
              "a database in plain values",
              """
              database: {url: "jdbc:postgresql://pg/palate", plain: {enabled: true, username: u, password: p}}
              """),
          Map.entry(
              "migration by a job",
              Chart.LEAST
                  + "migration: {mode: job, job: {existingSecret: owner}}\nextraVolumes: [{name: ca, configMap: {name: ca}}]\nextraVolumeMounts: [{name: ca, mountPath: /etc/ca, readOnly: true}]\n"),
          Map.entry("a GPU", Chart.LEAST + "gpu: {enabled: true, runtimeClassName: nvidia}\n"),
          Map.entry(
              "tokens of an identity provider",
              Chart.LEAST
                  + "security: {mode: jwt, jwt: {issuerUri: 'https://id.example', audiences: [palate]}}\n"),
          Map.entry("no first key", Chart.LEAST + "security: {adminKey: {generate: false}}\n"),
          Map.entry(
              "a bundle in a claim",
              Chart.LEAST + "model: {source: pvc, pvc: {claimName: bundles, path: a/b}}\n"),
          Map.entry(
              "a bundle by an init container",
              Chart.LEAST
                  + "model: {source: init, init: {image: b, command: [cp], args: [-r, /bundle, /models/bundle],"
                  + " env: [{name: A, value: b}], resources: {limits: {memory: 64Mi}}}}\n"),
          Map.entry("monitoring", Chart.LEAST + MONITORED),
          Map.entry(
              "scaling by queue time", Chart.LEAST + MONITORED + "autoscaling: {enabled: true}\n"),
          Map.entry(
              "scaling by processor", Chart.LEAST + "autoscaling: {enabled: true, metric: cpu}\n"),
          Map.entry(
              "scaling by both",
              Chart.LEAST + MONITORED + "autoscaling: {enabled: true, metric: both}\n"),
          Map.entry(
              "an ingress",
              Chart.LEAST
                  + "ingress: {enabled: true, className: nginx, annotations: {a: b}, hosts: [{host: p.example},"
                  + " {host: q.example, paths: [{path: /x, pathType: Exact}]}], tls: [{secretName: t, hosts: [p.example]}]}\n"),
          Map.entry(
              "everything switched off",
              Chart.LEAST
                  + "podDisruptionBudget: {enabled: false}\nnetworkPolicy: {enabled: false}\ntests: {enabled: false}\n"
                  + "serviceAccount: {create: false}\ntopologySpreadConstraints: []\nlogs: {format: text}\n"
                  + "shutdown: {preStopSleepSeconds: 0}\n"),
          Map.entry(
              "everything that is passed on",
              Chart.LEAST
                  + """
                  nameOverride: other
                  commonLabels: {team: a}
                  commonAnnotations: {team: a}
                  image: {digest: "sha256:%s", pullPolicy: Always}
                  imagePullSecrets: [{name: pull}]
                  extraEnv: [{name: A, value: b}]
                  extraEnvFrom: [{configMapRef: {name: e}}]
                  extraVolumes: [{name: ca, configMap: {name: ca}}]
                  extraVolumeMounts: [{name: ca, mountPath: /etc/ca, readOnly: true}]
                  podLabels: {p: l}
                  podAnnotations: {p: a}
                  deploymentAnnotations: {d: a}
                  nodeSelector: {disk: ssd}
                  tolerations: [{key: k, operator: Exists}]
                  affinity: {nodeAffinity: {}}
                  priorityClassName: high
                  javaOptions: -Xmx1g
                  directories: {djlCache: /var/lib/palate/djl}
                  logs: {levels: {dev.palate: debug}}
                  security: {corsAllowedOrigins: ["https://app.example"], quota: {requestsPerMinute: 600, tokensPerMinute: 5000000}}
                  config: {palate: {adaptation: {enabled: false}}, springdoc: {swagger-ui: {enabled: false}}}
                  """
                      .formatted("0".repeat(64))));

  private Values() {}
}
