{{/* application.yaml: what the values say, under what `config` says */}}
{{- define "palate.config" -}}
{{- $settings := include "palate.settings" . | fromYaml -}}
{{- toYaml (mergeOverwrite $settings (deepCopy .Values.config)) -}}
{{- end -}}

{{- define "palate.settings" -}}
{{- $v := .Values -}}
server:
  address: 0.0.0.0
  port: 8080
management:
  server:
    port: 8081
spring:
  lifecycle:
    timeout-per-shutdown-phase: {{ $v.shutdown.timeoutSeconds }}s
  datasource:
    hikari:
      maximum-pool-size: {{ $v.database.maximumPoolSize }}
  {{- if eq $v.migration.mode "job" }}
  flyway:
    enabled: false
  {{- end }}
  {{- if eq $v.security.mode "jwt" }}
  security:
    oauth2:
      resourceserver:
        jwt:
          {{- with $v.security.jwt.issuerUri }}
          issuer-uri: {{ . | quote }}
          {{- end }}
          {{- with $v.security.jwt.jwkSetUri }}
          jwk-set-uri: {{ . | quote }}
          {{- end }}
          audiences: {{ toJson $v.security.jwt.audiences }}
  {{- end }}
palate:
  data-dir: {{ $v.directories.data | quote }}
  model:
    {{- with include "palate.bundle" . }}
    bundle: {{ . | quote }}
    {{- end }}
    device: {{ include "palate.device" . }}
    dtype: {{ $v.model.dtype }}
    threads: {{ $v.model.threads }}
    batch-tokens: {{ int64 $v.model.batchTokens }}
    queue-tokens: {{ int64 $v.model.queueTokens }}
    queue-time: {{ $v.model.queueTime }}
    cache-bytes: {{ $v.model.cacheBytes | quote }}
  security:
    mode: {{ $v.security.mode }}
    {{- if include "palate.adminKeySecret" . }}
    admin-key-file: /run/secrets/palate/admin-key
    {{- end }}
    docs-open: {{ $v.security.docsOpen }}
    {{- with $v.security.corsAllowedOrigins }}
    cors:
      allowed-origins: {{ toJson . }}
    {{- end }}
    {{- if eq $v.security.mode "jwt" }}
    jwt:
      user-claim: {{ $v.security.jwt.userClaim | quote }}
      all-users-scope: {{ $v.security.jwt.allUsersScope | quote }}
    {{- end }}
    quota:
      requests-per-minute: {{ int64 $v.security.quota.requestsPerMinute }}
      tokens-per-minute: {{ int64 $v.security.quota.tokensPerMinute }}
{{- if or (eq $v.logs.format "ecs") $v.logs.levels }}
logging:
  {{- if eq $v.logs.format "ecs" }}
  structured:
    format:
      console: ecs
    ecs:
      service:
        name: {{ include "palate.fullname" . }}
        version: {{ .Chart.AppVersion | quote }}
  {{- end }}
  {{- with $v.logs.levels }}
  level:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}
