package org.distill4j.data.source;

import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.data.DataSampling;
import org.distill4j.data.cells.TableSettings;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.settings.Describe;
import org.distill4j.settings.KeyOrder;
import org.distill4j.settings.Shorthand;
import org.distill4j.settings.Unwrapped;
import org.distill4j.table.Dialect;

/**
 * The settings {@code data} of a recipe: a known data set by its name, or one's own files.
 *
 * <p>Own files are one CSV file, or a folder that has one of these (each also with {@code .gz}):
 *
 * <ul>
 *   <li>{@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}; the same with {@code
 *       t10k} or {@code test}, and with {@code validation}, for the other parts;
 *   <li>{@code train.csv}, and {@code test.csv} and {@code validation.csv} for the other parts;
 *   <li>a single CSV file;
 *   <li>{@code train/<class>/*.png}, and {@code test} and {@code validation} for the other parts;
 *   <li>{@code <class>/*.png}, or JPEG;
 *   <li>{@code train*.tfrecord*}, and {@code test} and {@code validation} for the other parts, or a
 *       single TFRecord file.
 * </ul>
 *
 * Wherever CSV is said, TSV is meant too. A file whose cells are all numbers is read as it is, one
 * with names or empty cells as a table; the setting {@code table} makes a table of either.
 *
 * <p>Parts are told by whole words of names, in any case: {@code Train}, {@code training_set},
 * {@code val}, {@code valid}, {@code dev}, {@code testing}; what is hidden is passed over. Parts
 * that have no file are drawn at random, by the seed, from the training examples.
 *
 * @param source where the examples come from
 * @param columns what their columns and features mean
 * @param sampling which of them go where, and how much each counts
 */
@Shorthand
@KeyOrder({
  "name",
  "path",
  "dir",
  "validation",
  "test",
  "seed",
  "classes",
  "label",
  "shape",
  "scale",
  "task",
  "labels",
  "table",
  "encoding",
  "quotes",
  "images",
  "records",
  "cache",
  "shuffle",
  "classWeights"
})
@Describe("the examples: a known data set by its name, or your own files")
public record DataSettings(
    @Unwrapped DataSource source,
    @Unwrapped DataColumns columns,
    @Unwrapped DataSampling sampling) {
  /** A data set by its name. */
  public static DataSettings named(String name) {
    return of(DataSource.named(name, Optional.empty()));
  }

  /** A data set by its name, whose files are looked for in a folder first. */
  public static DataSettings named(String name, Path dir) {
    return of(DataSource.named(name, Optional.of(dir)));
  }

  /** One's own CSV file or folder. */
  public static DataSettings at(Path path) {
    return of(DataSource.at(path));
  }

  private static DataSettings of(DataSource source) {
    return new DataSettings(source, DataColumns.USUAL, DataSampling.USUAL);
  }

  /**
   * How files of cells are written, as far as it is said; what is not said is told by a model that
   * was trained on such files, or by the file.
   *
   * @param model what the data are read for
   */
  Dialect dialect(Optional<Graph> model) {
    Dialect said = columns.table().map(TableSettings::dialect).orElse(Dialect.USUAL);
    Dialect known = model.flatMap(Metadata::dialect).orElse(Dialect.USUAL);
    return new Dialect(
        said.separator().isEmpty() ? known.separator() : said.separator(),
        said.comment().isEmpty() ? known.comment() : said.comment(),
        said.header().isEmpty() ? known.header() : said.header(),
        source.encoding().orElse(known.encoding()),
        source.quotes().orElse(known.quotes()));
  }

  /** The same with so many training examples kept for validation. */
  public DataSettings validation(long count) {
    return new DataSettings(source, columns, sampling.validation(count));
  }

  /** The same with nothing drawn: all examples stand for a part that has no file. */
  DataSettings whole() {
    return new DataSettings(source, columns, DataSampling.WHOLE);
  }

  /** The same, read as a table. */
  public DataSettings table(TableSettings settings) {
    return new DataSettings(source, columns.table(settings), sampling);
  }
}
