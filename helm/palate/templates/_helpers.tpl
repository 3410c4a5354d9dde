{{- define "palate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* 40 characters leave room for what is put after it */}}
{{- define "palate.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "palate.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "palate.instanceLabels" -}}
app.kubernetes.io/name: {{ include "palate.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What selects the service's pods, and neither the test's nor the migration's */}}
{{- define "palate.selectorLabels" -}}
{{ include "palate.instanceLabels" . }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "palate.labels" -}}
{{ include "palate.instanceLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* metadata of an object: dict "root" $ "name" ... "component" ... "annotations" ... "labels" ... */}}
{{- define "palate.metadata" -}}
{{- $root := .root -}}
name: {{ .name }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "palate.labels" $root | nindent 2 }}
  {{- with .component }}
  app.kubernetes.io/component: {{ . }}
  {{- end }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (default dict .annotations) $root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "palate.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s%s" $image.repository (default .Chart.AppVersion $image.tag) (ternary .Values.gpu.imageTagSuffix "" .Values.gpu.enabled) -}}
{{- end -}}
{{- end -}}

{{- define "palate.serviceAccountName" -}}
{{- default (ternary (include "palate.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "palate.databaseSecret" -}}
{{- default (printf "%s-database" (include "palate.fullname" .)) .Values.database.existingSecret -}}
{{- end -}}

{{/* Not empty where there is a first key */}}
{{- define "palate.adminKeySecret" -}}
{{- if eq .Values.security.mode "api-key" -}}
{{- if .Values.security.adminKey.existingSecret -}}
{{- .Values.security.adminKey.existingSecret -}}
{{- else if .Values.security.adminKey.generate -}}
{{- printf "%s-admin-key" (include "palate.fullname" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The bundle's directory; empty: the demo bundle */}}
{{- define "palate.bundle" -}}
{{- if eq .Values.model.source "image" -}}
{{- .Values.model.image.path -}}
{{- else -}}
{{- list "/models" (index .Values.model .Values.model.source).path | compact | join "/" -}}
{{- end -}}
{{- end -}}

{{- define "palate.device" -}}
{{- default (ternary "gpu" "cpu" .Values.gpu.enabled) .Values.model.device -}}
{{- end -}}

{{/* Environment of whatever opens the database: dict "root" $ "secret" name */}}
{{- define "palate.databaseEnv" -}}
{{- $database := .root.Values.database -}}
- name: SPRING_DATASOURCE_URL
  {{- if $database.url }}
  value: {{ $database.url | quote }}
  {{- else }}
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ $database.urlKey }}}
  {{- end }}
- name: SPRING_DATASOURCE_USERNAME
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ $database.usernameKey }}}
- name: SPRING_DATASOURCE_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ .secret }}, key: {{ $database.passwordKey }}}
{{- end -}}

{{/* A probe: dict "path" ... "times" values */}}
{{- define "palate.probe" -}}
httpGet: {path: {{ .path }}, port: http}
{{ toYaml .times }}
{{- end -}}

{{/* What only whole values can tell is checked here; the rest is values.schema.json's */}}
{{- define "palate.validate" -}}
{{- $v := .Values -}}
{{- if $v.database.plain.enabled -}}
{{- if $v.database.existingSecret -}}
{{- fail "\n\ndatabase: both existingSecret and plain.enabled are set: keep one.\n" -}}
{{- end -}}
{{- if not (and $v.database.url $v.database.plain.username $v.database.plain.password) -}}
{{- fail "\n\ndatabase.plain.enabled needs database.url, database.plain.username and database.plain.password.\n" -}}
{{- end -}}
{{- if eq $v.migration.mode "job" -}}
{{- fail "\n\nmigration.mode=job runs before the chart's own secrets are there: it needs database.existingSecret.\n" -}}
{{- end -}}
{{- else -}}
{{- if not $v.database.existingSecret -}}
{{- fail (printf "\n\nPalate needs a PostgreSQL. Make a secret and name it in database.existingSecret:\n\n  kubectl -n %s create secret generic palate-database \\\n    --from-literal=url=jdbc:postgresql://postgres.example:5432/palate \\\n    --from-literal=username=palate --from-literal=password=...\n  helm ... --set database.existingSecret=palate-database\n\nFor a try, database.plain.enabled=true takes url, username and password from the values.\n" .Release.Namespace) -}}
{{- end -}}
{{- if or $v.database.plain.username $v.database.plain.password -}}
{{- fail "\n\ndatabase.plain.username or .password is set and database.plain.enabled is not: take them out, they are readable in the release.\n" -}}
{{- end -}}
{{- end -}}
{{- if eq $v.security.mode "jwt" -}}
{{- if and (not $v.security.jwt.issuerUri) (not $v.security.jwt.jwkSetUri) -}}
{{- fail "\n\nsecurity.mode=jwt needs security.jwt.issuerUri (or jwkSetUri).\n" -}}
{{- end -}}
{{- if not $v.security.jwt.audiences -}}
{{- fail "\n\nsecurity.mode=jwt needs security.jwt.audiences: without it a token for another service of the same issuer would do.\n" -}}
{{- end -}}
{{- end -}}
{{- $source := $v.model.source -}}
{{- if and (eq $source "pvc") (not $v.model.pvc.claimName) -}}
{{- fail "\n\nmodel.source=pvc needs model.pvc.claimName.\n" -}}
{{- end -}}
{{- if and (eq $source "init") (not $v.model.init.image) -}}
{{- fail "\n\nmodel.source=init needs model.init.image, an image that writes the bundle to /models.\n" -}}
{{- end -}}
{{- range $other, $set := dict "image" $v.model.image.path "pvc" $v.model.pvc.claimName "init" $v.model.init.image -}}
{{- if and $set (ne $other $source) -}}
{{- fail (printf "\n\nmodel.source is %s, but model.%s is set too: the bundle comes from one place.\n" $source $other) -}}
{{- end -}}
{{- end -}}
{{- if and (eq (include "palate.device" .) "gpu") (not $v.gpu.enabled) -}}
{{- fail "\n\nmodel.device=gpu needs gpu.enabled=true: no GPU would be asked for.\n" -}}
{{- end -}}
{{- $least := add $v.shutdown.preStopSleepSeconds $v.shutdown.timeoutSeconds 20 | int -}}
{{- if le (int $v.shutdown.terminationGracePeriodSeconds) $least -}}
{{- fail (printf "\n\nshutdown.terminationGracePeriodSeconds is %d and must exceed %d: preStopSleepSeconds + timeoutSeconds + 20 s for jobs under way.\n" (int $v.shutdown.terminationGracePeriodSeconds) $least) -}}
{{- end -}}
{{- if $v.autoscaling.enabled -}}
{{- if lt (int $v.autoscaling.maxReplicas) (int $v.autoscaling.minReplicas) -}}
{{- fail "\n\nautoscaling.maxReplicas is less than autoscaling.minReplicas.\n" -}}
{{- end -}}
{{- if and (ne $v.autoscaling.metric "cpu") (eq $v.autoscaling.queue.name "palate_score_queue_seconds_mean") (not (and $v.metrics.serviceMonitor.enabled $v.metrics.prometheusRule.enabled)) -}}
{{- fail "\n\nautoscaling.metric=queue reads a metric that metrics.prometheusRule records of what metrics.serviceMonitor collects: enable both, or name a metric of your own in autoscaling.queue.name, or set autoscaling.metric=cpu.\n" -}}
{{- end -}}
{{- end -}}
{{- if and $v.metrics.serviceMonitor.enabled (not $v.metrics.serviceMonitor.authorization.existingSecret) -}}
{{- fail "\n\nMetrics want a key of scope read that is bound to nobody. Make one (POST /keys with {\"name\": \"prometheus\", \"scopes\": [\"read\"]}), put it in a secret and name that in metrics.serviceMonitor.authorization.existingSecret.\n" -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- fail "\n\ningress.enabled needs ingress.hosts.\n" -}}
{{- end -}}
{{- end -}}
