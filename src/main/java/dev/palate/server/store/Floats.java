package dev.palate.server.store;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code array_send} of a {@code real[]}: the bytes as they are, where the driver's own way
 * to arrays makes an object of each element.
 */
public final class Floats {

  /** Dimensions, flags, element type, length, lower bound: an int each. */
  private static final int HEADER = 20;

  /** Each element has its length in bytes before it. */
  private static final int STRIDE = 8;

  private Floats() {}

  /**
   * @param column an {@code array_send(real[])}, one dimension, no element null
   * @return null where the column is
   */
  public static float @Nullable [] of(ResultSet row, int column) throws SQLException {
    byte[] sent = row.getBytes(column);
    if (sent == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(sent);
    float[] values = new float[Math.max(0, (sent.length - HEADER) / STRIDE)];
    for (int k = 0; k < values.length; k++) {
      values[k] = bytes.getFloat(HEADER + STRIDE * k + 4);
    }
    return values;
  }
}
