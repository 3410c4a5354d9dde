package dev.palate.core.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header {@code {name:
 * {dtype, shape, data_offsets}}} padded with spaces to a multiple of 8, then the raw little-endian
 * numbers. Written are floats (F32); read are F32, F16 and BF16, as floats. An I64 tensor, which
 * exporters leave among the weights for the positions' indices, is passed over.
 */
public final class Safetensors {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MAX_HEADER = 1 << 20;

  private Safetensors() {}

  /** The file's bytes; the same tensors in the same order give the same bytes. */
  public static byte[] encode(SequencedMap<String, Tensor> tensors) {
    Map<String, Object> header = new LinkedHashMap<>();
    int offset = 0;
    for (var entry : tensors.entrySet()) {
      int end = Math.addExact(offset, Math.multiplyExact(4, entry.getValue().values().length));
      Map<String, Object> field = new LinkedHashMap<>();
      field.put("dtype", "F32");
      field.put("shape", entry.getValue().shape());
      field.put("data_offsets", new int[] {offset, end});
      header.put(entry.getKey(), field);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    ByteBuffer out = ByteBuffer.allocate(8 + padded.length + offset).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(padded.length).put(padded);
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        out.putFloat(value);
      }
    }
    return out.array();
  }

  /**
   * Reads what {@link #encode} or any other writer of the format wrote.
   *
   * @throws BundleException naming {@code file}, where the bytes are not such a file
   */
  public static Map<String, Tensor> decode(byte[] bytes, String file) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 8) {
      throw damaged(file, "it is shorter than the format's first 8 bytes");
    }
    long headerLength = in.getLong();
    if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > bytes.length - 8) {
      throw damaged(file, "its header claims %d bytes".formatted(headerLength));
    }
    int data = 8 + (int) headerLength;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      JsonNode header =
          JSON.readTree(new String(bytes, 8, (int) headerLength, StandardCharsets.UTF_8));
      for (var property : header.properties()) {
        if (!property.getKey().equals("__metadata__")) {
          Tensor tensor =
              tensor(property.getKey(), property.getValue(), in, data, bytes.length, file);
          if (tensor != null) {
            tensors.put(property.getKey(), tensor);
          }
        }
      }
    } catch (JacksonException e) {
      throw new BundleException(
          "%s is damaged: its header is not JSON. Restore the file or train again.".formatted(file),
          e);
    }
    return tensors;
  }

  private static @Nullable Tensor tensor(
      String name, JsonNode field, ByteBuffer in, int data, int size, String file) {
    String dtype = field.path("dtype").asString("");
    int width =
        switch (dtype) {
          case "F32" -> 4;
          case "F16", "BF16" -> 2;
          case "I64" -> 8;
          default -> throw damaged(file, "tensor '%s' is not F32, F16 or BF16".formatted(name));
        };
    int[] shape = new int[field.path("shape").size()];
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = field.path("shape").get(i).asInt(-1);
      if (shape[i] < 0 || (count *= shape[i]) > size) {
        throw damaged(file, "tensor '%s' has an impossible shape".formatted(name));
      }
    }
    long start = field.path("data_offsets").path(0).asLong(-1);
    long end = field.path("data_offsets").path(1).asLong(-1);
    if (start < 0 || end > size - data || end - start != width * count) {
      throw damaged(file, "tensor '%s' does not lie where the header says".formatted(name));
    }
    ByteBuffer raw =
        in.slice(data + (int) start, (int) (end - start)).order(ByteOrder.LITTLE_ENDIAN);
    return dtype.equals("I64") ? null : new Tensor(shape, floats(raw, dtype, (int) count));
  }

  private static float[] floats(ByteBuffer raw, String dtype, int count) {
    float[] values = new float[count];
    if (dtype.equals("F32")) {
      raw.asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < count; i++) {
        short half = raw.getShort();
        values[i] =
            dtype.equals("F16") ? Float.float16ToFloat(half) : Float.intBitsToFloat(half << 16);
      }
    }
    return values;
  }

  private static BundleException damaged(String file, String how) {
    return new BundleException(
        "%s is damaged: %s. Restore the file or train again.".formatted(file, how));
  }
}
