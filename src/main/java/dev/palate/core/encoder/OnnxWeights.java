package dev.palate.core.encoder;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import dev.palate.core.bundle.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The float weights of an ONNX graph exported from a Hugging Face model, under their Hugging Face
 * names and as {@code [out, in]}. The exporter keeps the names of embeddings, biases and norms; the
 * matrix of a linear layer is anonymous and transposed there, and the MatMul node that reads it
 * carries the module's path: {@code /encoder/layer.0/attention/self/query/MatMul}.
 */
final class OnnxWeights {
  private OnnxWeights() {}

  static Map<String, Tensor> read(byte[] onnx) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(onnx);
    in.setSizeLimit(Integer.MAX_VALUE);
    OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(in).getGraph();
    Map<String, Tensor> tensors = new HashMap<>();
    for (OnnxMl.TensorProto tensor : graph.getInitializerList()) {
      if (tensor.getDataType() == OnnxMl.TensorProto.DataType.FLOAT_VALUE) {
        tensors.put(tensor.getName(), tensor(tensor));
      }
    }
    for (OnnxMl.NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("MatMul") && node.getInputCount() == 2) {
        Tensor weight = tensors.remove(node.getInput(1));
        if (weight != null) {
          tensors.put(moduleOf(node.getName()) + ".weight", weight.transposed());
        }
      }
    }
    return tensors;
  }

  private static String moduleOf(String nodeName) {
    return nodeName.substring(1, nodeName.lastIndexOf('/')).replace('/', '.');
  }

  private static Tensor tensor(OnnxMl.TensorProto proto) {
    int[] shape = new int[proto.getDimsCount()];
    int size = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.toIntExact(proto.getDims(i));
      size = Math.multiplyExact(size, shape[i]);
    }
    float[] values = new float[size];
    if (proto.getFloatDataCount() > 0) {
      for (int i = 0; i < size; i++) {
        values[i] = proto.getFloatData(i);
      }
    } else {
      ByteBuffer raw = proto.getRawData().asReadOnlyByteBuffer();
      raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    }
    return new Tensor(shape, values);
  }
}
