{{/* Resources, with the GPU's. A GPU is not shared: its request is its limit */}}
{{- define "palate.resources" -}}
{{- $resources := deepCopy .Values.resources -}}
{{- if .Values.gpu.enabled -}}
{{- $limits := merge (dict .Values.gpu.resourceName (int .Values.gpu.count)) (default dict $resources.limits) -}}
{{- $_ := set $resources "limits" $limits -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{- define "palate.volumes" -}}
- name: config
  configMap: {name: {{ include "palate.fullname" . }}}
- name: data
  emptyDir: {sizeLimit: {{ .Values.directories.dataSizeLimit }}}
- name: tmp
  emptyDir: {sizeLimit: {{ .Values.directories.tmpSizeLimit }}}
{{- with include "palate.adminKeySecret" . }}
- name: admin-key
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    items:
      - {key: {{ $.Values.security.adminKey.key }}, path: admin-key}
{{- end }}
{{- if eq .Values.model.source "pvc" }}
- name: models
  persistentVolumeClaim: {claimName: {{ .Values.model.pvc.claimName }}, readOnly: true}
{{- else if eq .Values.model.source "init" }}
- name: models
  emptyDir: {sizeLimit: {{ .Values.model.init.sizeLimit }}}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Writes the bundle; the service checks its hash before it reads it */}}
{{- define "palate.modelContainer" -}}
{{- $init := .Values.model.init -}}
- name: model
  image: {{ $init.image | quote }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  {{- with $init.command }}
  command: {{ toJson . }}
  {{- end }}
  {{- with $init.args }}
  args: {{ toJson . }}
  {{- end }}
  env:
    - {name: HOME, value: /tmp}
    {{- with $init.env }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $init.envFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .Values.securityContext | nindent 4 }}
  {{- with $init.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - {name: models, mountPath: /models}
    - {name: tmp, mountPath: /tmp}
{{- end -}}
