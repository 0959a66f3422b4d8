package org.distill4j.graph;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.images.ResizeMode;
import org.distill4j.records.RawFeature;
import org.distill4j.records.RecordSettings;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;

/**
 * The texts of a model's metadata that this project knows, each a JSON value: {@code
 * distill4j.classes}, {@code distill4j.preprocessing}, {@code distill4j.table}, {@code
 * distill4j.columns}, {@code distill4j.dialect}, {@code distill4j.fit}, {@code distill4j.records},
 * {@code distill4j.task}, {@code distill4j.scores}, {@code distill4j.lineage}.
 */
public final class Metadata {
  private static final String CLASSES = "distill4j.classes";
  private static final String PREPROCESSING = "distill4j.preprocessing";
  private static final String TABLE = "distill4j.table";
  private static final String COLUMNS = "distill4j.columns";
  private static final String DIALECT = "distill4j.dialect";
  private static final String FIT = "distill4j.fit";
  private static final String RECORDS = "distill4j.records";
  private static final String TASK = "distill4j.task";
  private static final String SCORES = "distill4j.scores";
  private static final String LINEAGE = "distill4j.lineage";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Metadata() {}

  /** The class names in the order of the logits, if the model knows them. */
  public static Optional<List<String>> classes(Graph graph) {
    return read(graph, CLASSES, new TypeReference<List<String>>() {});
  }

  /** What the model does to raw values, if it says so. */
  public static Optional<Preprocessing> preprocessing(Graph graph) {
    return read(graph, PREPROCESSING, new TypeReference<SpelledPreprocessing>() {})
        .map(SpelledPreprocessing::meant);
  }

  /** How rows of text become the model's input, if it takes rows. */
  public static Optional<Table> table(Graph graph) {
    return read(graph, TABLE, new TypeReference<Table>() {});
  }

  /** How the files of cells that it was trained on are written, if it was trained on such. */
  public static Optional<Dialect> dialect(Graph graph) {
    return read(graph, DIALECT, new TypeReference<Dialect>() {});
  }

  /** How images of another size were brought to its own, if it says so; else they are stretched. */
  public static Optional<ResizeMode> fit(Graph graph) {
    return read(graph, FIT, new TypeReference<ResizeMode>() {});
  }

  /** Which features of records it was trained on, if that was said. */
  public static Optional<RecordSettings> records(Graph graph) {
    return read(graph, RECORDS, new TypeReference<SpelledRecords>() {}).map(SpelledRecords::meant);
  }

  /** What the columns of numbers are called that it was trained on, if it was trained on such. */
  public static Optional<ColumnNames> columns(Graph graph) {
    return read(graph, COLUMNS, new TypeReference<ColumnNames>() {});
  }

  /** What the model answers, if it says so; without a word it is taken for a single label. */
  public static Optional<TaskType> task(Graph graph) {
    return read(graph, TASK, new TypeReference<TaskType>() {});
  }

  /** What the numbers are that a classifier gives, if somebody said so: such as {@code logits}. */
  public static Optional<String> scores(Graph graph) {
    return read(graph, SCORES, new TypeReference<String>() {});
  }

  /** What the model was made from: artefact names and their hashes. */
  public static Map<String, String> lineage(Graph graph) {
    return read(graph, LINEAGE, new TypeReference<LinkedHashMap<String, String>>() {})
        .orElseGet(LinkedHashMap::new);
  }

  /** The model with class names. */
  public static Graph withClasses(Graph graph, List<String> classes) {
    return with(graph, CLASSES, classes);
  }

  /** The model with its preprocessing. */
  public static Graph withPreprocessing(Graph graph, Preprocessing preprocessing) {
    return with(graph, PREPROCESSING, SpelledPreprocessing.of(preprocessing));
  }

  /** The model with how rows of text become its input. */
  public static Graph withTable(Graph graph, Table table) {
    return with(graph, TABLE, table);
  }

  /** The model with how files of cells for it are written. */
  public static Graph withDialect(Graph graph, Dialect dialect) {
    return with(graph, DIALECT, dialect);
  }

  /** The model with how images of another size are brought to its own. */
  public static Graph withFit(Graph graph, ResizeMode fit) {
    return with(graph, FIT, fit);
  }

  /** The model with which features of records it was trained on. */
  public static Graph withRecords(Graph graph, RecordSettings records) {
    return with(graph, RECORDS, SpelledRecords.of(records));
  }

  /** The model with what its columns of numbers are called. */
  public static Graph withColumns(Graph graph, ColumnNames columns) {
    return with(graph, COLUMNS, columns);
  }

  /** The model with what it answers. */
  public static Graph withTask(Graph graph, TaskType task) {
    return with(graph, TASK, task);
  }

  /** The model with what the numbers are that it gives; without a word if empty. */
  public static Graph withScores(Graph graph, Optional<String> scores) {
    if (scores.isPresent()) {
      return with(graph, SCORES, scores.get());
    }
    Map<String, String> rest = new LinkedHashMap<>(graph.metadata());
    return rest.remove(SCORES) == null ? graph : graph.withMetadata(rest);
  }

  /** The model with its lineage. */
  public static Graph withLineage(Graph graph, Map<String, String> lineage) {
    return with(graph, LINEAGE, lineage);
  }

  /** As JSON has it: without an order where channels come as they are, as in earlier versions. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record SpelledPreprocessing(
      double scale, List<Double> mean, List<Double> std, List<Integer> order) {
    static SpelledPreprocessing of(Preprocessing p) {
      return new SpelledPreprocessing(p.scale(), p.mean(), p.std(), p.order().orElse(null));
    }

    Preprocessing meant() {
      return new Preprocessing(scale, mean, std, Optional.ofNullable(order));
    }
  }

  /** As JSON has them: without what is not said. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record SpelledRecords(
      String input, String label, RawFeature.NumberType type, List<Long> shape) {
    static SpelledRecords of(RecordSettings settings) {
      return new SpelledRecords(
          settings.input().orElse(null),
          settings.label(),
          settings.feature().map(RawFeature::type).orElse(null),
          settings.feature().map(RawFeature::shape).orElse(null));
    }

    RecordSettings meant() {
      return new RecordSettings(
          Optional.ofNullable(input),
          label,
          Optional.ofNullable(type).map(of -> new RawFeature(of, shape)));
    }
  }

  private static <T> Optional<T> read(Graph graph, String key, TypeReference<T> type) {
    String text = graph.metadata().get(key);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(text, type));
    } catch (JsonProcessingException e) {
      throw new InputFault(
          "model '"
              + graph.name()
              + "' metadata "
              + key
              + ": cannot be read: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private static Graph with(Graph graph, String key, Object value) {
    Map<String, String> metadata = new LinkedHashMap<>(graph.metadata());
    try {
      metadata.put(key, JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return graph.withMetadata(metadata);
  }
}
