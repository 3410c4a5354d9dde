{{/* The matchers of this release's series, as the operator labels what its ServiceMonitor collects */}}
{{- define "palate.series" -}}
namespace="{{ .Release.Namespace }}",job="{{ include "palate.fullname" . }}-metrics"
{{- end -}}

{{- define "palate.queueWait" -}}
{{- $m := include "palate.series" . -}}
sum by (namespace, pod, job) (rate(palate_score_stage_seconds_sum{ {{- $m }},stage="queue"}[2m])) / clamp_min(sum by (namespace, pod, job) (rate(palate_score_stage_seconds_count{ {{- $m }},stage="queue"}[2m])), 0.001)
{{- end -}}

{{/* One alert a cause that somebody can act on; each has its section in docs/operations.md */}}
{{- define "palate.alerts" -}}
{{- $m := include "palate.series" . -}}
{{- $at := .Values.metrics.prometheusRule.thresholds -}}
{{- $full := include "palate.fullname" . -}}
- alert: PalateDown
  expr: absent(up{ {{- $m }}} == 1)
  for: 2m
  labels: {severity: critical}
  annotations:
    summary: No replica of {{ $full }} answers
    description: No replica in {{ .Release.Namespace }} could be scraped for two minutes.
- alert: PalateReplicaDown
  expr: up{ {{- $m }}} == 0
  for: 5m
  labels: {severity: warning}
  annotations:
    summary: A replica of {{ $full }} does not answer
    description: "{{`{{ $labels.pod }}`}} could not be scraped for five minutes, or refuses Prometheus' key."
{{- if .Values.metrics.prometheusRule.kubeStateMetrics }}
- alert: PalateNotReady
  expr: kube_deployment_status_replicas_available{namespace="{{ .Release.Namespace }}",deployment="{{ $full }}"} < kube_deployment_spec_replicas{namespace="{{ .Release.Namespace }}",deployment="{{ $full }}"}
  for: 10m
  labels: {severity: warning}
  annotations:
    summary: Replicas of {{ $full }} are not ready
    description: "{{`{{ $value }}`}} replicas are available, fewer than asked for."
{{- end }}
- alert: PalateQueueWaitHigh
  expr: palate_score_queue_seconds_mean{ {{- $m }}} > {{ $at.queueSeconds }}
  for: 5m
  labels: {severity: warning}
  annotations:
    summary: Requests wait long for the device
    description: "On {{`{{ $labels.pod }}`}} a request waits {{`{{ $value | humanizeDuration }}`}} on average."
- alert: PalateRefusing
  expr: sum by (namespace, job) (rate(palate_score_seconds_count{ {{- $m }},outcome="overloaded"}[5m])) / sum by (namespace, job) (rate(palate_score_seconds_count{ {{- $m }}}[5m])) > {{ $at.refusedRatio }}
  for: 5m
  labels: {severity: critical}
  annotations:
    summary: Score requests are refused, the replicas are full
    description: "{{`{{ $value | humanizePercentage }}`}} of score requests got 503 overloaded."
- alert: PalateErrors
  expr: sum by (namespace, job) (rate(http_server_requests_seconds_count{ {{- $m }},status=~"5..",status!="503"}[5m])) / sum by (namespace, job) (rate(http_server_requests_seconds_count{ {{- $m }}}[5m])) > {{ $at.errorRatio }}
  for: 5m
  labels: {severity: critical}
  annotations:
    summary: Requests fail
    description: "{{`{{ $value | humanizePercentage }}`}} of requests got a 5xx other than 503."
- alert: PalateDatabaseUnavailable
  expr: sum by (namespace, job) (rate(hikaricp_connections_timeout_total{ {{- $m }}}[2m])) > 0 or sum by (namespace, job) (rate(palate_score_weights_unavailable_total{ {{- $m }}}[2m])) > 0.1
  for: 2m
  labels: {severity: critical}
  annotations:
    summary: PostgreSQL does not answer, or not in time
    description: Feedback gets 503; users are scored with their last known weights or the model's own.
- alert: PalateEncoderUnavailable
  expr: sum by (namespace, job) (rate(palate_score_seconds_count{ {{- $m }},outcome="encoder_unavailable"}[2m])) > 0
  for: 2m
  labels: {severity: critical}
  annotations:
    summary: The remote encoder does not answer, or not as it should
    description: Texts that were never seen get 503; remembered ones are scored, and feedback is taken and solved later.
- alert: PalateConnectionsShort
  expr: hikaricp_connections_pending{ {{- $m }}} > 0
  for: 5m
  labels: {severity: warning}
  annotations:
    summary: Threads wait for a database connection
    description: "On {{`{{ $labels.pod }}`}} {{`{{ $value }}`}} threads have waited for five minutes."
- alert: PalateAdaptationLag
  expr: histogram_quantile(0.95, sum by (namespace, job, le) (rate(palate_adaptation_lag_seconds_bucket{ {{- $m }}}[10m]))) > {{ $at.adaptationLagSeconds }}
  for: 10m
  labels: {severity: warning}
  annotations:
    summary: Feedback takes long to show in the weights
    description: "One user in twenty waits {{`{{ $value | humanizeDuration }}`}} or longer."
- alert: PalateBulkSolveFailing
  expr: sum by (namespace, job) (increase(palate_adaptation_bulk_users_total{ {{- $m }},outcome="failed"}[15m])) > 0
  labels: {severity: warning}
  annotations:
    summary: Users could not be solved again
    description: "{{`{{ $value }}`}} users failed within a bulk solve; their next feedback tries again."
- alert: PalateLabelsSetAside
  expr: sum by (namespace, job) (increase(palate_adaptation_labels_set_aside_total{ {{- $m }}}[1h])) > 0
  labels: {severity: warning}
  annotations:
    summary: Labels are left out of users' weights
    description: "The live model could not score {{`{{ $value }}`}} labels of the last hour."
- alert: PalateScoresNotFinite
  expr: sum by (namespace, job) (increase(palate_score_not_finite_total{ {{- $m }}}[15m])) + sum by (namespace, job) (increase(palate_forward_poisoned_total{ {{- $m }}}[15m])) > 0
  labels: {severity: critical}
  annotations:
    summary: The model fails on some texts
    description: NaN, infinity or a failed forward, for texts that were sent alone too.
- alert: PalateChangesUnheard
  expr: palate_user_weights_listening{ {{- $m }}} == 0
  for: 10m
  labels: {severity: warning}
  annotations:
    summary: A replica does not hear of the others' changes
    description: "{{`{{ $labels.pod }}`}} reads users' weights again on a timer instead."
- alert: PalateHeapFull
  expr: jvm_memory_usage_after_gc{ {{- $m }},area="heap",pool="long-lived"} > {{ $at.heapRatio }}
  for: 15m
  labels: {severity: warning}
  annotations:
    summary: The heap is nearly full of what is in use
    description: "{{`{{ $labels.pod }}`}} holds {{`{{ $value | humanizePercentage }}`}} of its heap after collections."
{{- end -}}
