package dev.palate.helm;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Secret in Kubernetes' protobuf encoding, in which Helm writes its records of a release: four
 * bytes {@code k8s\0}, then {@code runtime.Unknown} whose second field is the {@code core/v1
 * Secret}. Field numbers are those of Kubernetes' generated.proto.
 */
final class SecretBytes {

  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private SecretBytes() {}

  static boolean isProtobuf(byte[] body) {
    return body.length > MAGIC.length && body[0] == 'k' && body[1] == '8';
  }

  static ObjectNode decode(byte[] body) {
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == 2) {
          return secret(in.readBytes().newCodedInput());
        }
        in.skipField(tag);
      }
      throw new IllegalArgumentException("no object within");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode secret(CodedInputStream in) throws IOException {
    ObjectNode secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
    ObjectNode data = secret.putObject("data");
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> secret.set("metadata", metadata(in.readBytes().newCodedInput()));
        case 2 -> entry(in.readBytes().newCodedInput(), data, true);
        case 3 -> secret.put("type", in.readString());
        default -> in.skipField(tag);
      }
    }
    return secret;
  }

  private static ObjectNode metadata(CodedInputStream in) throws IOException {
    ObjectNode metadata = JSON.createObjectNode();
    ObjectNode labels = metadata.putObject("labels");
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> metadata.put("name", in.readString());
        case 3 -> metadata.put("namespace", in.readString());
        case 11 -> entry(in.readBytes().newCodedInput(), labels, false);
        default -> in.skipField(tag);
      }
    }
    return metadata;
  }

  /** One entry of a map of strings or, in Base64 as JSON has them, of bytes. */
  private static void entry(CodedInputStream in, ObjectNode map, boolean bytes) throws IOException {
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = in.readString();
        case 2 ->
            value =
                bytes ? Base64.getEncoder().encodeToString(in.readByteArray()) : in.readString();
        default -> in.skipField(tag);
      }
    }
    map.put(key, value);
  }
}
