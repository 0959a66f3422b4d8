package org.distill4j.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.ClassNumbers;
import org.distill4j.data.ClassWeights;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.cells.CsvColumns;
import org.distill4j.data.cells.CsvDataset;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.text.CellFile;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.progress.ProgressListener;
import org.distill4j.table.Dialect;
import org.distill4j.tensor.Shape;

/**
 * The catalogue of data sets: finds them by name or path and splits them into training, validation
 * and test.
 *
 * <table>
 *   <caption>The names it knows</caption>
 *   <tr><th>name</th><th>train, validation, test</th><th>from</th></tr>
 *   <tr><td>fashion-mini</td><td>10,800, 1,200, 10,000</td><td>part of this library</td></tr>
 *   <tr><td>digits</td><td>1,197, 300, 300</td><td>part of this library</td></tr>
 *   <tr><td>mnist</td><td>55,000, 5,000, 10,000</td><td>files</td></tr>
 *   <tr><td>fashion-mnist</td><td>55,000, 5,000, 10,000</td><td>files</td></tr>
 *   <tr><td>adult</td><td>29,305, 3,256, 16,281</td><td>files</td></tr>
 * </table>
 *
 * <p>Their parts are ranges in the published order: validation is the last part of the training
 * files, or as many of it as the settings say; that of {@code adult} is drawn by the seed. {@code
 * digits} has one file of 1,797 rows; its last 300 are the test, the rows before them the
 * validation part.
 *
 * <p>Files are looked for in the settings' {@code dir}, in {@code $DISTILL4J_DATA/<name>}, and in
 * the user's cache; then they are downloaded from their publisher into the cache. Wherever they
 * come from, the digest of their raw content must be the publisher's.
 */
public final class DataCatalog {
  private static final String DIGITS = "digits";
  private static final long DIGITS_PART = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DataLocations places;
  private final FileSearch search;
  private final ProgressListener listener;
  private final List<KnownData> known;

  /** A catalogue that looks in the given places and tells its downloads to the listener. */
  public DataCatalog(DataLocations places, ProgressListener listener) {
    this(places, listener, KnownData.ALL);
  }

  DataCatalog(DataLocations places, ProgressListener listener, List<KnownData> known) {
    this.places = places;
    this.listener = listener;
    this.search = new FileSearch(places, listener, PATIENCE);
    this.known = known;
  }

  /** The catalogue of this process's environment, which downloads in silence. */
  public static DataCatalog here() {
    return new DataCatalog(DataLocations.here(), ProgressListener.NONE);
  }

  /** The names that need no files of one's own. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of(DIGITS));
    KnownData.ALL.forEach(data -> names.add(data.name()));
    KnownTable.ALL.forEach(data -> names.add(data.name()));
    return names.stream().sorted().toList();
  }

  /** A known data set by its name, or one's own by the path of a file or folder. */
  public Splits open(String nameOrPath) {
    return open(settings(nameOrPath));
  }

  /** The settings that a name or a path stands for. */
  public static DataSettings settings(String nameOrPath) {
    boolean isPath = !DataSource.isName(nameOrPath);
    boolean isFile = !names().contains(nameOrPath) && Files.exists(Path.of(nameOrPath));
    return isPath || isFile ? DataSettings.at(Path.of(nameOrPath)) : DataSettings.named(nameOrPath);
  }

  /**
   * Opens what the settings say.
   *
   * @throws InputFault if it is not found, damaged, or something else than its name says
   */
  public Splits open(DataSettings settings) {
    return open(settings, Optional.empty(), false);
  }

  /**
   * Opens what the settings say, for a model that was trained before: rows of text become its input
   * as its own table says, rather than by what the training examples have, and classes have the
   * numbers that they have in the model, which may know more of them.
   */
  public Splits open(DataSettings settings, Graph model) {
    return open(settings, Optional.of(model), false);
  }

  /**
   * The same with nothing drawn: where one's own files have no test part, all examples are the test
   * part.
   */
  public Splits openWhole(DataSettings settings, Graph model) {
    return open(settings, Optional.of(model), true);
  }

  private Splits open(DataSettings settings, Optional<Graph> model, boolean whole) {
    Splits found = find(settings, model, whole);
    Splits splits = model.map(found::classes).orElse(found);
    List<Double> weights =
        ClassWeights.of(settings.sampling().classWeights(), splits.train().data());
    return settings.sampling().shuffle().isEmpty() && weights.isEmpty()
        ? splits
        : splits.arranged(settings.sampling().shuffle().orElse(0L), weights);
  }

  private Splits find(DataSettings settings, Optional<Graph> model, boolean whole) {
    if (settings.source().path().isPresent()) {
      return openOwn(whole ? settings.whole() : settings, settings.source().path().get(), model);
    }
    String name = settings.source().name().orElseThrow();
    if (name.equals(DIGITS)) {
      return openDigits(settings);
    }
    Optional<KnownData> data = known.stream().filter(k -> k.name().equals(name)).findFirst();
    if (data.isPresent()) {
      return openKnown(data.get(), settings);
    }
    Optional<KnownTable> table =
        KnownTable.ALL.stream().filter(k -> k.name().equals(name)).findFirst();
    if (table.isPresent()) {
      return openKnown(table.get(), settings, model);
    }
    return openOwn(
        whole ? settings.whole() : settings,
        search.ownFolder(name, settings.source().dir()),
        model);
  }

  private Splits openKnown(KnownTable known, DataSettings settings, Optional<Graph> model) {
    requireNameOnly(known.name(), settings, false, true);
    List<ByteSource> sources = search.files(known, settings.source().dir());
    for (int i = 0; i < sources.size(); i++) {
      requireGenuine(known, known.files().get(i), sources.get(i).sum().sha256(), sources.get(i));
    }
    DataSettings complete =
        settings
            .validation(settings.sampling().validation().orElse(known.validation()))
            .table(settings.columns().table().orElse(known.table()));
    return new TableFiles(known.name(), complete, places.unpacked(), model, known.truth())
        .open(sources.get(0), Optional.empty(), Optional.of(sources.get(1)));
  }

  private Splits openOwn(DataSettings settings, Path path, Optional<Graph> model) {
    String file = path.toAbsolutePath().normalize().getFileName().toString();
    String name = settings.source().name().orElse(file.replaceFirst("(?i)\\.[ct]sv(\\.gz)?$", ""));
    return new OwnFiles(name, settings, places.unpacked(), model, listener).open(path);
  }

  private Splits openDigits(DataSettings settings) {
    requireNameOnly(DIGITS, settings, true, false);
    CellFile file =
        CellFile.of(ByteSource.embedded(DataCatalog.class, "digits/digits.csv.gz"), Dialect.USUAL);
    Dataset all =
        CsvDataset.open(
            DIGITS,
            CsvColumns.published(file),
            ClassNumbers.numbersTo(10),
            Optional.of(Shape.of(1, 8, 8)),
            Preprocessing.scale(1.0 / 16),
            places.unpacked());
    long rest = all.size() - DIGITS_PART;
    return parted(
        Subset.range(all, 0, rest),
        settings.sampling().validation().orElse(DIGITS_PART),
        Subset.range(all, rest, all.size()));
  }

  private Splits openKnown(KnownData data, DataSettings settings) {
    requireNameOnly(data.name(), settings, data.isEmbedded(), false);
    List<ByteSource> sources =
        data.isEmbedded()
            ? data.files().stream()
                .map(
                    file ->
                        ByteSource.embedded(
                            DataCatalog.class, data.name() + "/" + file.published()))
                .toList()
            : search.files(data, settings.source().dir());
    List<IdxFile> files = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      files.add(genuine(data, data.files().get(i), sources.get(i)));
    }
    Preprocessing scale = Preprocessing.scale(1.0 / 255);
    return parted(
        IdxDataset.of(data.name(), files.get(0), files.get(1), data.classes(), scale),
        settings.sampling().validation().orElse(data.validation()),
        IdxDataset.of(data.name(), files.get(2), files.get(3), data.classes(), scale));
  }

  private IdxFile genuine(KnownData data, Published.KnownFile file, ByteSource source) {
    IdxFile opened = IdxFile.open(source, places.unpacked());
    requireGenuine(data, file, opened.sha256(), source);
    return opened;
  }

  private static void requireGenuine(
      Published data, Published.KnownFile file, String sha256, ByteSource source) {
    if (!sha256.equals(file.sha256())) {
      throw new InputFault(
          "%s: sha256 %s of the raw content (expected: %s, as '%s' is published); give other data"
                  .formatted(source.name(), sha256, file.sha256(), data.name())
              + " another name");
    }
  }

  private static Splits parted(Dataset train, long validation, Dataset test) {
    long rest = train.size() - validation;
    if (rest < 1) {
      throw new InputFault(
          "validation: %s (expected: less than the %s training examples of '%s')"
              .formatted(validation, train.size(), train.name()));
    }
    return Splits.of(Subset.range(train, 0, rest), Subset.range(train, rest, train.size()), test);
  }

  /** Refuses what goes with a name. */
  private static void requireNameOnly(
      String name, DataSettings settings, boolean embedded, boolean table) {
    DataColumns columns = settings.columns();
    boolean same =
        columns.classes().isEmpty()
            && columns.shape().isEmpty()
            && columns.label().isEmpty()
            && columns.labels().isEmpty()
            && columns.task().isEmpty()
            && columns.scale().isEmpty()
            && settings.source().encoding().isEmpty()
            && settings.source().quotes().isEmpty()
            && settings.sampling().test().isEmpty()
            && (table || columns.table().isEmpty())
            && !(embedded && settings.source().dir().isPresent());
    if (!same) {
      throw new InputFault(
          "data '%s': test, classes, label, shape, scale, encoding, quotes, task%s is set (expected: none, as they go with"
                  .formatted(name, table ? "" : " or table")
              + (embedded ? " its name, nor dir)" : " its name)"));
    }
  }
}
