package dev.palate.core.model.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive without Python.
 *
 * <p>The engine (DJL) loads TorchScript and nothing else, and the usual way there is {@code
 * torch.jit.save} in a Python process, which a Java service has no business to need. The format is
 * simple enough to write by hand. An archive is a zip whose entries are stored, not compressed, so
 * that the engine can map tensors straight from the file:
 *
 * <pre>
 * model/version             file format; decides which operator semantics the source is read with
 * model/constants.pkl       pickle of the constants the source refers to as CONSTANTS.c0 ...: none
 * model/code/__torch__.py   the source, parsed when the archive is loaded
 * model/data.pkl            pickle of one object: the module with its attributes
 * model/data/0, 1, ...      raw little-endian numbers, one entry per tensor
 * </pre>
 *
 * <p>The pickle says: make an instance of {@code __torch__.RewardModel} and give it these
 * attributes. A tensor in it is a call of {@code torch._utils._rebuild_tensor_v2} with a persistent
 * id {@code ('storage', type, entry, 'cpu', length)}, offset, shape, strides, {@code requires_grad}
 * (false) and an empty dictionary of hooks. The attributes must be those the source declares, and
 * the source is TorchScript as the serializer prints it: {@code torch.} names are the engine's own
 * operators, with all positional arguments spelled out. Ours is the resource {@code
 * reward_model.py}, one class for any BERT: it takes the number of layers from the stacked weights
 * it is given, so a graph never has to be generated.
 *
 * <p>bf16 stays inside the module: weights of the encoder may be stored as {@code BFloat16}, while
 * ids come in as int64 and the head works and answers in float32. DJL itself cannot hold a bf16
 * array. Rounding is to nearest, ties to even, as everywhere else.
 *
 * <p>On x86-64 a bf16 archive calls oneDNN's operators by name ({@code dense_onednn.py}): weights
 * in its blocked layout, gelu in the same pass. The same archive takes the plain way on a GPU.
 *
 * <p>Where layers are named, the archive answers the states of the tokens after them beside what it
 * answers without ({@code token_states.py}).
 *
 * <p>The same model gives the same bytes: entries are written in a fixed order with a fixed time.
 */
final class TorchScriptWriter {
  private static final String SOURCE = "/dev/palate/reward/reward_model.py";
  private static final String ONEDNN =
      "/dev/palate/reward/dense_onednn.py"; // in place of the source's dense layers
  private static final String STATES =
      "/dev/palate/reward/token_states.py"; // behind the source's encode
  private static final String ROOT = "model/";
  // where zip's calendar begins; a local time, which is written alike in every time zone
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  /**
   * A BERT as the source reads it.
   *
   * @param tensors as {@code BertWeights.stack} gives them
   * @param heads attention heads
   * @param normEpsilon what the layer norms add to the variance
   * @param stateLayers layers whose token states are answered too, from 1, ascending
   */
  record Encoder(
      SequencedMap<String, Tensor> tensors,
      int heads,
      double normEpsilon,
      EncoderSpec.Pooling pooling,
      List<Integer> stateLayers) {

    Encoder(
        SequencedMap<String, Tensor> tensors,
        int heads,
        double normEpsilon,
        EncoderSpec.Pooling pooling) {
      this(tensors, heads, normEpsilon, pooling, List.of());
    }
  }

  private record Storage(String type, byte[] bytes) {}

  private final List<Storage> storages = new ArrayList<>();
  private final Pickle pickle = new Pickle();

  private TorchScriptWriter() {}

  /**
   * Writes encoder and head as one archive.
   *
   * @param style the table of the style features, {@code style_table}; empty for none
   * @param head float32 tensors of the head; empty for the bare encoder
   * @param bf16 whether the encoder's weights, and so its arithmetic, are bf16
   */
  static void write(
      OutputStream out,
      Encoder encoder,
      SequencedMap<String, Tensor> style,
      SequencedMap<String, Tensor> head,
      boolean bf16)
      throws IOException {
    TorchScriptWriter writer = new TorchScriptWriter();
    writer.pickle.global("__torch__", "RewardModel").newInstance().beginAttributes();
    encoder.tensors().forEach((name, tensor) -> writer.tensor(name, tensor, bf16));
    boolean hasHead = !head.isEmpty();
    (hasHead ? head : noHead()).forEach((name, tensor) -> writer.tensor(name, tensor, false));
    boolean hasFeatures = head.containsKey("features_w");
    if (!hasFeatures) {
      noFeatures().forEach((name, tensor) -> writer.tensor(name, tensor, false));
    }
    boolean hasStyle = !style.isEmpty();
    (hasStyle ? style : noStyle()).forEach((name, tensor) -> writer.tensor(name, tensor, false));
    writer.pickle.text("training").bool(false).text("heads").integer(encoder.heads());
    writer.pickle.text("norm_eps").number(encoder.normEpsilon());
    writer.pickle.text("pools_cls").bool(encoder.pooling() == EncoderSpec.Pooling.CLS);
    writer.pickle.text("has_head").bool(hasHead);
    writer.pickle.text("has_features").bool(hasFeatures);
    writer.pickle.text("has_style").bool(hasStyle);
    if (blocked(bf16)) {
      writer.pickle.text("packed").emptyList();
    }
    writer.pickle.endAttributes();
    writer.zip(out, source(bf16, encoder.stateLayers()));
  }

  /**
   * The source of the module: part of what an archive's content hash covers.
   *
   * @param stateLayers as in {@link Encoder}; without them the source is what it was before there
   *     were any
   */
  static byte[] source(boolean bf16, List<Integer> stateLayers) throws IOException {
    String source = resource(SOURCE);
    if (!stateLayers.isEmpty()) {
      source = withTokenStates(source, stateLayers);
    }
    if (!blocked(bf16)) {
      return source.getBytes(UTF_8);
    }
    int from = source.indexOf("  # x w' + b;");
    int to = source.indexOf("  # ids [N, T] -> token states");
    return (source.substring(0, from) + resource(ONEDNN) + source.substring(to))
        .replace("  training : bool\n", "  packed : List[Tensor]\n  training : bool\n")
        .getBytes(UTF_8);
  }

  /** Every method that reads a sequence answers a second tensor, the token states. */
  private static String withTokenStates(String source, List<Integer> layers) throws IOException {
    StringBuilder keep = new StringBuilder();
    for (int layer : layers) {
      keep.append("      if torch.eq(layer, %d):\n".formatted(layer - 1));
      keep.append("        _%d = torch.append(kept, states)\n".formatted(layer));
    }
    return source
        .replace("    mask: Tensor) -> Tensor:\n", "    mask: Tensor) -> Tuple[Tensor, Tensor]:\n")
        .replace("    states = x\n", "    states = x\n    kept = annotate(List[Tensor], [])\n")
        .replace(
            "    return states\n",
            keep + "    return (states, (self).token_states(kept, mask, ))\n\n" + resource(STATES))
        .replace(
            "    states = torch.to((self).encode(ids, mask, ), 6)\n",
            "    last, tokens, = (self).encode(ids, mask, )\n    states = torch.to(last, 6)\n")
        .replace(
            "    return torch.div(pooled, torch.clamp_min(length, 1e-12))\n",
            "    return (torch.div(pooled, torch.clamp_min(length, 1e-12)), tokens)\n")
        .replace("    e = (self).", "    e, tokens, = (self).")
        .replace("    return answer\n", "    return (answer, tokens)\n");
  }

  /** oneDNN's own operators exist only where the engine is built with it; they do not train. */
  private static boolean blocked(boolean bf16) {
    return bf16 && System.getProperty("os.arch").equals("amd64");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = TorchScriptWriter.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** The names {@code reward_model.py} gives to the head's tensors. */
  static SequencedMap<String, Tensor> headTensors(Head head) {
    SequencedMap<String, Tensor> tensors = new java.util.LinkedHashMap<>();
    tensors.put("router_hidden_w", Tensor.matrix(head.routerHidden()));
    tensors.put("router_hidden_b", Tensor.vector(head.routerHiddenBias()));
    tensors.put("router_out_w", Tensor.matrix(head.routerOut()));
    tensors.put("router_out_b", Tensor.vector(head.routerOutBias()));
    if (head.featureCount() > 0) {
      tensors.put("features_w", Tensor.matrix(head.features()));
      tensors.put("features_b", Tensor.vector(head.featuresBias()));
    }
    tensors.put("experts_w", Tensor.matrix(head.experts()));
    return tensors;
  }

  private static Map<String, Tensor> noHead() {
    float[][] one = {{0}};
    return headTensors(new Head(one, new float[1], one, new float[1], one));
  }

  private static SequencedMap<String, Tensor> noFeatures() {
    SequencedMap<String, Tensor> none = new java.util.LinkedHashMap<>();
    none.put("features_w", Tensor.matrix(new float[][] {{0}}));
    none.put("features_b", Tensor.vector(new float[1]));
    return none;
  }

  private static Map<String, Tensor> noStyle() {
    return Map.of("style_table", Tensor.matrix(new float[][] {{0}}));
  }

  private void tensor(String name, Tensor tensor, boolean bf16) {
    String key = Integer.toString(storages.size());
    String type = bf16 ? "BFloat16Storage" : "FloatStorage";
    storages.add(new Storage(type, bf16 ? bf16(tensor.values()) : fp32(tensor.values())));
    pickle.text(name).global("torch._utils", "_rebuild_tensor_v2").beginTuple();
    pickle.beginTuple().text("storage").global("torch", type).text(key).text("cpu");
    pickle.integer(tensor.values().length).endTuple().persistentId();
    pickle.integer(0).integers(tensor.shape()).integers(strides(tensor.shape())).bool(false);
    pickle.global("collections", "OrderedDict").emptyTuple().call().endTuple().call();
  }

  private static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return strides;
  }

  private void zip(OutputStream out, byte[] source) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    entry(zip, "version", "3\n".getBytes(UTF_8));
    entry(zip, "constants.pkl", new Pickle().emptyTuple().finish());
    entry(zip, "code/__torch__.py", source);
    entry(zip, "data.pkl", pickle.finish());
    for (int i = 0; i < storages.size(); i++) {
      entry(zip, "data/" + i, storages.get(i).bytes());
    }
    zip.finish();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setTimeLocal(EPOCH);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  static byte[] fp32(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static byte[] bf16(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(bf16(value));
    }
    return bytes.array();
  }

  /** The upper half of the float's bits, rounded to nearest, ties to even. */
  static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
