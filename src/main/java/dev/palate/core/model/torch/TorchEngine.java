package dev.palate.core.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import dev.palate.core.bundle.BundleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The PyTorch engine of this process: how it is started, which device and dtype it gives. */
public final class TorchEngine {
  static final String NAME = "PyTorch";
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private TorchEngine() {}

  /** The CPU, or every visible GPU. */
  public static List<Device> devices(TorchDevice wanted) {
    Device first = device(wanted);
    return first.isGpu()
        ? IntStream.range(0, start().getGpuCount()).mapToObj(Device::gpu).toList()
        : List.of(first);
  }

  public static Device device(TorchDevice wanted) {
    Engine engine = start();
    int gpus = engine.getGpuCount();
    if (wanted == TorchDevice.CPU || (wanted == TorchDevice.AUTO && gpus == 0)) {
      return Device.cpu();
    }
    if (gpus == 0) {
      throw new BundleException(
          ("The device is to be gpu (palate.model.device or --device), but the PyTorch engine (%s)"
                  + " found no GPU. Give it a CUDA libtorch by PYTORCH_LIBRARY_PATH,"
                  + " PYTORCH_VERSION=2.7.1 and PYTORCH_FLAVOR=cu128, and a visible NVIDIA device; or"
                  + " choose cpu.")
              .formatted(engine.getVersion()));
    }
    return Device.gpu(0);
  }

  /**
   * Starts the engine at the first call; it never reaches for the network.
   *
   * @throws BundleException where its libraries cannot be loaded
   */
  public static Engine start() {
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    // what the container may use: the JVM reads its CPU quota
    setDefault(THREADS, Integer.toString(Runtime.getRuntime().availableProcessors()));
    setDefault("ai.djl.pytorch.num_interop_threads", "1"); // one forward thread, nothing beside it
    // with it, TorchScript on a GPU compiles anew, for seconds, at every new shape (djl#901)
    setDefault("ai.djl.pytorch.graph_optimizer", "false");
    try {
      return Engine.getEngine(NAME);
    } catch (EngineException e) {
      throw new BundleException(
          ("The PyTorch engine cannot start: %s. PYTORCH_LIBRARY_PATH is %s, PYTORCH_VERSION %s,"
                  + " PYTORCH_FLAVOR %s: libtorch of that version and flavor must lie there. With"
                  + " none of them set the libraries in the jar are taken, which are for a CPU under"
                  + " Linux on x86-64; -Dai.djl.offline=false lets others be fetched.")
              .formatted(
                  innermost(e),
                  setting("PYTORCH_LIBRARY_PATH"),
                  setting("PYTORCH_VERSION"),
                  setting("PYTORCH_FLAVOR")),
          e);
    }
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).replaceFirst("\\.$", "");
  }

  private static String setting(String variable) {
    String value = System.getenv(variable);
    return value == null ? "unset" : value;
  }

  /** How many threads a forward pass on the CPU may use; heard only before the engine starts. */
  public static void threads(int threads) {
    setDefault(THREADS, Integer.toString(threads));
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Whether the encoder runs in bf16.
   *
   * @throws BundleException where that is asked for and the device cannot
   */
  public static boolean bf16(TorchDtype dtype, Device device) {
    return switch (dtype) {
      case FP32 -> false;
      case BF16 -> {
        if (!runsBf16(device)) {
          throw new BundleException(
              "This processor cannot run bf16: it lacks AVX-512 (bw, vl, dq). Set"
                  + " palate.model.dtype to auto or fp32.");
        }
        yield true;
      }
      case AUTO -> device.isGpu() || cpuHas("avx512_bf16") || cpuHas("amx_bf16");
    };
  }

  /** On a CPU: whether it has what the kernels of weights packed in bf16 are made of. */
  public static boolean runsBf16(Device device) {
    return device.isGpu()
        || cpuHas("avx_ne_convert")
        || (cpuHas("avx512bw") && cpuHas("avx512vl") && cpuHas("avx512dq"));
  }

  private static boolean cpuHas(String flag) {
    try {
      return Files.readString(CPU_INFO).contains(flag);
    } catch (IOException e) {
      return false; // not Linux
    }
  }
}
