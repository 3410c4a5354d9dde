package dev.palate.lab.data;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.FieldAccessor;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rows of a Parquet file, with the columns that a line of JSON has as fields: lists of structs
 * are lists of messages. Other columns are not read.
 */
final class ParquetRows implements PairSource {

  private static final Set<String> KNOWN =
      Set.of(
          "id",
          "user",
          "context",
          "prompt",
          "messages",
          "chosen",
          "rejected",
          "strength",
          "split",
          "pair");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String dataset;
  private final ParquetFileReader file;
  private final RowReader rows;
  private final PairParser parser = new PairParser();
  private long number;

  private ParquetRows(String dataset, ParquetFileReader file, RowReader rows) {
    this.dataset = dataset;
    this.file = file;
    this.rows = rows;
  }

  /**
   * @throws DataException if a column is missing that every pair needs
   */
  static ParquetRows open(DataFile data) throws IOException {
    ParquetFileReader file = opened(data);
    try {
      String[] columns = columns(data, file);
      RowReader rows = file.buildRowReader().projection(ColumnProjection.columns(columns)).build();
      return new ParquetRows(data.name(), file, rows);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static ParquetFileReader opened(DataFile data) throws IOException {
    try {
      return ParquetFileReader.open(InputFile.of(data.path()));
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String[] columns(DataFile data, ParquetFileReader file) {
    List<String> all =
        file.getFileSchema().getRootNode().children().stream().map(SchemaNode::name).toList();
    for (String needed : List.of("chosen", "rejected")) {
      if (!all.contains(needed)) {
        throw new DataException(
            "'%s' has no column '%s'; it has %s".formatted(data.path(), needed, all));
      }
    }
    return all.stream().filter(KNOWN::contains).toArray(String[]::new);
  }

  @Override
  public boolean next() throws IOException {
    try {
      if (!rows.hasNext()) {
        return false;
      }
      rows.next();
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
    number++;
    return true;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public PreferencePair pair() {
    return parser.parse(dataset, object(rows), number);
  }

  private static ObjectNode object(FieldAccessor row) {
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < row.getFieldCount(); i++) {
      String name = row.getFieldName(i);
      object.set(name, node(row.getValue(name)));
    }
    return object;
  }

  private static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case String text -> JSON.stringNode(text);
      case byte[] bytes -> JSON.stringNode(text(bytes));
      case Integer n -> JSON.numberNode(n);
      case Long n -> JSON.numberNode(n);
      case Float n -> JSON.numberNode(n);
      case Double n -> JSON.numberNode(n);
      case BigDecimal n -> JSON.numberNode(n);
      case Boolean yes -> JSON.booleanNode(yes);
      case PqList list -> {
        ArrayNode array = JSON.arrayNode();
        list.values().forEach(item -> array.add(node(item)));
        yield array;
      }
      case PqStruct struct -> object(struct);
      // dates, UUIDs and the like, as ids and contexts may be
      default -> JSON.stringNode(value.toString());
    };
  }

  /** Some writers do not say that their bytes are text. */
  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a column's bytes are not UTF-8", e);
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
    file.close();
  }
}
