package dev.palate.core.model.torch;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Memory in use where the model computes: on each GPU by whatever runs there, and by this process
 * itself, weights on the CPU included.
 */
public final class DeviceMemory implements MeterBinder {

  private static final Path STATUS = Path.of("/proc/self/status");

  private final int gpus;

  public DeviceMemory() {
    this(CudaUtils.hasCuda() ? CudaUtils.getGpuCount() : 0);
  }

  private DeviceMemory(int gpus) {
    this.gpus = gpus;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "cpu", DeviceMemory::resident);
    for (int i = 0; i < gpus; i++) {
      Device device = Device.gpu(i);
      gauge(registry, "gpu" + i, () -> CudaUtils.getGpuMemory(device).getUsed());
    }
  }

  private static void gauge(
      MeterRegistry registry, String device, java.util.function.Supplier<Number> bytes) {
    Gauge.builder("palate.device.memory", bytes)
        .description("Memory in use on the device; of the CPU's, by this process")
        .baseUnit(BaseUnits.BYTES)
        .tag("device", device)
        .strongReference(true)
        .register(registry);
  }

  /** Bytes; NaN where the system does not tell (Linux does). */
  static Number resident() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> 1024.0 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
