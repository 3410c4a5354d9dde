# Palate's image: `docker build -t palate .` for the CPU, `--target gpu` for NVIDIA GPUs. What the arguments are and how it is run: docs/operations.md, "Container".
#
# Nothing is unpacked, assembled or fetched at the first start: PyTorch's libraries, the demo bundle's archives (fp32 and bf16) and an ahead-of-time cache of the JVM
# are made here. Only /tmp and /var/lib/palate need be writable. Read by BuildKit and by the older builder alike; what runs in the image itself is in exec form,
# so its base needs no shell.

# With a JDK 25 and, unless JAR=prebuilt, Maven
ARG BUILD_BASE=maven:3.9-eclipse-temurin-25
# With a Java 25 as `java`
ARG RUN_BASE=eclipse-temurin:25-jre
# With libtorch 2.7.1 for CUDA 12.8 in GPU_TORCH
ARG GPU_BASE=pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime

# ---- the jar, in layers, and PyTorch's libraries out of it
FROM ${BUILD_BASE} AS build
# prebuilt: target/palate.jar as it is
ARG JAR=build
WORKDIR /src
COPY . .
RUN if [ "$JAR" != prebuilt ]; then mvn -B -q -Dmaven.test.skip=true package; fi \
  && java -Djarmode=tools -jar target/palate.jar extract --layers --destination /layers
# PyTorch's libraries as files (PYTORCH_LIBRARY_PATH), with the glue of DJL beside them, which is where it looks first; not their jar too.
# The embedded PostgreSQL of other systems stays out.
RUN cd /layers/dependencies/lib \
  && mkdir -p /natives/unpacked /natives/cpu /natives/gpu \
  && for jar in "$PWD"/pytorch-native-cpu-*.jar "$PWD"/pytorch-jni-*.jar; do (cd /natives/unpacked && jar xf "$jar"); done \
  && djl=$(ls pytorch-jni-*.jar | sed 's/.*-\(.*\)\.jar/\1/') \
  && platform=linux-$(uname -m) \
  && mv /natives/unpacked/pytorch/cpu/$platform/*.so* /natives/cpu/ \
  && cp /natives/unpacked/jnilib/$platform/cpu/libdjl_torch.so /natives/cpu/$djl-libdjl_torch.so \
  && gpu=/natives/gpu/pytorch/2.7.1-cu128-$platform && mkdir -p $gpu \
  && if [ -f /natives/unpacked/jnilib/$platform/cu128/libdjl_torch.so ]; then cp /natives/unpacked/jnilib/$platform/cu128/libdjl_torch.so $gpu/$djl-libdjl_torch.so; fi \
  && rm -r /natives/unpacked pytorch-native-cpu-*.jar embedded-postgres-binaries-darwin-* embedded-postgres-binaries-windows-* embedded-postgres-binaries-*-alpine-* \
  && chmod -R a+rX /natives
RUN mkdir /classes /account /empty \
  && javac -d /classes deploy/image/AotTraining.java \
  && printf 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\npalate:x:10001:10001:Palate:/tmp:/sbin/nologin\n' > /account/passwd \
  && printf 'root:x:0:\nnogroup:x:65534:\npalate:x:10001:\n' > /account/group

# ---- what only a run makes, by the JVM and the paths that will use it
FROM ${RUN_BASE} AS prepared
COPY --from=build /account/ /etc/
WORKDIR /app
COPY --from=build /natives/cpu/ /app/pytorch/
COPY --from=build /layers/dependencies/ /app/
COPY --from=build /layers/spring-boot-loader/ /app/
COPY --from=build /layers/snapshot-dependencies/ /app/
COPY --from=build /layers/application/ /app/
COPY --from=build --chown=10001:10001 /empty/ /prepared/
COPY models/demo/ /app/models/demo/
COPY deploy/image/application.yaml /app/config/
ENV PYTORCH_LIBRARY_PATH=/app/pytorch PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cpu DJL_CACHE_DIR=/prepared/djl
USER 10001:10001
RUN ["java", "-jar", "/app/palate.jar", "bundle", "assemble", "models/demo", "--dtype", "fp32", "--cache-dir", "/prepared/assembled"]
RUN ["java", "-jar", "/app/palate.jar", "bundle", "assemble", "models/demo", "--dtype", "bf16", "--cache-dir", "/prepared/assembled"]
COPY --from=build /classes/ /classes/
COPY deploy/image/jvm.options /app/
RUN ["java", "-cp", "/classes", "AotTraining", "/app", "/prepared"]

# ---- for the CPU
FROM ${RUN_BASE} AS cpu
LABEL org.opencontainers.image.title="Palate" org.opencontainers.image.description="A reward model that knows each user's taste" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /account/ /etc/
WORKDIR /app
COPY --from=build /natives/cpu/ /app/pytorch/
COPY --from=prepared /prepared/djl/ /app/djl/
COPY --from=build /layers/dependencies/ /app/
COPY --from=build /layers/spring-boot-loader/ /app/
COPY --from=build /layers/snapshot-dependencies/ /app/
COPY --from=build /layers/application/ /app/
COPY models/demo/ /app/models/demo/
COPY --from=prepared /prepared/assembled/ /app/models/demo/assembled/
COPY deploy/image/application.yaml /app/config/
COPY deploy/image/jvm.options /app/
COPY --from=prepared /prepared/palate.aot /app/
# so that a volume there is this user's
COPY --from=build --chown=10001:10001 /empty/ /var/lib/palate/
# JAVA_TOOL_OPTIONS is the operator's to change; what must not go with it is in jvm.options
ENV PYTORCH_LIBRARY_PATH=/app/pytorch PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cpu DJL_CACHE_DIR=/app/djl \
  HOME=/tmp JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50
USER 10001:10001
VOLUME /var/lib/palate
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/app/palate.jar", "dev.palate.cli.HealthCheck"]
ENTRYPOINT ["java", "@/app/jvm.options", "-jar", "/app/palate.jar"]

# ---- for NVIDIA GPUs. Never run: no such machine was at hand (docs/gpu.md says what is known).
FROM ${GPU_BASE} AS gpu
ARG GPU_TORCH=/opt/conda/lib/python3.11/site-packages/torch/lib
# Where RUN_BASE has its Java
ARG JAVA_DIR=/opt/java/openjdk
LABEL org.opencontainers.image.title="Palate" org.opencontainers.image.description="A reward model that knows each user's taste; for NVIDIA GPUs" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /account/ /etc/
WORKDIR /app
COPY --from=prepared ${JAVA_DIR} ${JAVA_DIR}
COPY --from=prepared /prepared/djl/ /app/djl/
COPY --from=build /natives/gpu/ /app/djl/
COPY --from=build /layers/dependencies/ /app/
COPY --from=build /layers/spring-boot-loader/ /app/
COPY --from=build /layers/snapshot-dependencies/ /app/
COPY --from=build /layers/application/ /app/
COPY models/demo/ /app/models/demo/
COPY --from=prepared /prepared/assembled/ /app/models/demo/assembled/
COPY deploy/image/application.yaml /app/config/
COPY deploy/image/jvm.options /app/
COPY --from=prepared /prepared/palate.aot /app/
COPY --from=build --chown=10001:10001 /empty/ /var/lib/palate/
ENV JAVA_HOME=${JAVA_DIR} PATH=${JAVA_DIR}/bin:/usr/local/nvidia/bin:/usr/local/cuda/bin:/usr/local/bin:/usr/bin:/bin \
  PYTORCH_LIBRARY_PATH=${GPU_TORCH} PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cu128 DJL_CACHE_DIR=/app/djl \
  HOME=/tmp JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=50
USER 10001:10001
VOLUME /var/lib/palate
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/app/palate.jar", "dev.palate.cli.HealthCheck"]
ENTRYPOINT ["java", "@/app/jvm.options", "-jar", "/app/palate.jar"]
CMD ["--palate.model.device=gpu"]

# ---- where no target is named
FROM cpu
