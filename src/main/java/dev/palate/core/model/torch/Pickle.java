package dev.palate.core.model.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** As much of Python's pickle protocol 2 as a TorchScript archive needs. */
final class Pickle {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickle() {
    op(0x80).op(2);
  }

  /** The class or function {@code module.name}. */
  Pickle global(String module, String name) {
    op('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(UTF_8));
    return this;
  }

  Pickle text(String value) {
    byte[] utf8 = value.getBytes(UTF_8);
    op('X').int32(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  Pickle integer(int value) {
    return op('J').int32(value);
  }

  Pickle number(double value) {
    op('G'); // big-endian, unlike the rest
    out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    return this;
  }

  Pickle bool(boolean value) {
    return op(value ? 0x88 : 0x89);
  }

  Pickle beginTuple() {
    return op('(');
  }

  Pickle endTuple() {
    return op('t');
  }

  Pickle emptyTuple() {
    return op(')');
  }

  Pickle emptyList() {
    return op(']');
  }

  Pickle integers(int[] values) {
    beginTuple();
    for (int value : values) {
      integer(value);
    }
    return endTuple();
  }

  /** Replaces the tuple on top by what its id stands for: here a tensor's storage. */
  Pickle persistentId() {
    return op('Q');
  }

  /** Calls the callable below with the tuple on top. */
  Pickle call() {
    return op('R');
  }

  /** An instance of the class below, made without its constructor. */
  Pickle newInstance() {
    return emptyTuple().op(0x81);
  }

  /** Opens the instance's attributes: name, value, name, value ... */
  Pickle beginAttributes() {
    return op('}').op('(');
  }

  Pickle endAttributes() {
    return op('u').op('b');
  }

  byte[] finish() {
    op('.');
    return out.toByteArray();
  }

  private Pickle op(int code) {
    out.write(code);
    return this;
  }

  private Pickle int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }
}
