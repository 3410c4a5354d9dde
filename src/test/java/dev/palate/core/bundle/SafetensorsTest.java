package dev.palate.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  @Test
  void whatIsWrittenIsRead() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("b", Tensor.vector(new float[] {1.5f, -0f, Float.MIN_VALUE}));
    tensors.put("a.weight", Tensor.matrix(new float[][] {{1, 2}, {3, 4}, {5, 6}}));
    tensors.put("empty", Tensor.vector(new float[0]));

    Map<String, Tensor> read = Safetensors.decode(Safetensors.encode(tensors), "head.safetensors");

    assertThat(read.keySet()).containsExactly("b", "a.weight", "empty");
    tensors.forEach((name, tensor) -> {
      assertThat(tensor(read, name).shape()).as(name).isEqualTo(tensor.shape());
      assertThat(tensor(read, name).values()).as(name).isEqualTo(tensor.values());
    });
  }

  @Test
  void metadataAndAnyOrderOfOffsetsAreUnderstood() {
    byte[] file =
        file(
            "{'__metadata__':{'format':'pt'},"
                + "'second':{'dtype':'F32','shape':[1],'data_offsets':[4,8]},"
                + "'first':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
            7,
            8);

    Map<String, Tensor> read = Safetensors.decode(file, "f");

    assertThat(tensor(read, "first").values()).containsExactly(7);
    assertThat(tensor(read, "second").values()).containsExactly(8);
  }

  @Test
  void halfFloatsAreWidenedAndIndicesPassedOver() {
    byte[] file =
        file(
            "{'half':{'dtype':'F16','shape':[2],'data_offsets':[0,4]},"
                + "'brain':{'dtype':'BF16','shape':[2,1],'data_offsets':[4,8]},"
                + "'ids':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}",
            Float.intBitsToFloat(0xC000_3C00),
            Float.intBitsToFloat(0xC040_3F80));

    Map<String, Tensor> read = Safetensors.decode(file, "f");

    assertThat(read).containsOnlyKeys("half", "brain");
    assertThat(tensor(read, "half").values()).containsExactly(1, -2);
    assertThat(tensor(read, "brain").values()).containsExactly(1, -3);
    assertThat(tensor(read, "brain").shape()).containsExactly(2, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'a':{'dtype':'F16','shape':[1],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'BF16','shape':[1],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}",
        "{'a':{'dtype':'I8','shape':[4],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647],'data_offsets':[0,4]}}",
        "{'a':{'dtype':'F32'}}",
        "{'a':7}",
        "{not json"
      })
  void aDamagedHeaderIsNamedAndNothingIsRead(String header) {
    assertThatThrownBy(() -> Safetensors.decode(file(header, 1), "head.safetensors"))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("head.safetensors is damaged");
  }

  @Test
  void aFileCutShortIsDamaged() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", Tensor.vector(new float[] {1, 2, 3}));
    byte[] whole = Safetensors.encode(tensors);

    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Safetensors.decode(cut, "f")).isInstanceOf(BundleException.class);
    }
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static byte[] file(String header, float... data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + json.length + 4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length).put(json);
    for (float value : data) {
      out.putFloat(value);
    }
    return out.array();
  }
}
