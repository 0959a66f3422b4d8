package org.distill4j.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.progress.ProgressListener;
import org.distill4j.records.RawFeature;
import org.distill4j.records.RawFeature.NumberType;
import org.distill4j.records.RecordSettings;
import org.distill4j.records.Written;
import org.junit.jupiter.api.io.TempDir;

/** A folder with TFRecord files, and what is read of it. */
abstract class RecordSituation {
  /** What a record's input is, by its index. */
  interface Input {
    byte[] feature(int index) throws IOException;
  }

  @TempDir Path folder;
  final Random random;

  RecordSituation(int seed) {
    this.random = new Random(Seeds.of(seed));
  }

  /** Examples whose label is their number's parity. */
  static List<byte[]> examples(int count, Input input) {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      try {
        records.add(Written.example("x", input.feature(i), "label", Written.ints(true, i % 2)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return records;
  }

  String drawn(String... names) {
    return names[random.nextInt(names.length)];
  }

  static long total(Splits splits) {
    return splits.train().size() + splits.validation().size() + splits.test().size();
  }

  DataSettings raw(NumberType type, List<Long> shape) {
    DataSettings usual = DataSettings.at(folder.resolve("mine.tfrecord"));
    RecordSettings records =
        new RecordSettings(Optional.empty(), "label", Optional.of(new RawFeature(type, shape)));
    return new DataSettings(usual.source(), DataColumns.USUAL.records(records), DataSampling.USUAL);
  }

  Splits open(String name) {
    return open(DataSettings.at(folder.resolve(name)));
  }

  Splits open(DataSettings settings) {
    return catalog().open(settings);
  }

  DataCatalog catalog() {
    return new DataCatalog(
        new DataLocations(Optional.empty(), folder.resolve("cache"), true), ProgressListener.NONE);
  }

  static float[] row(Dataset data, long index) {
    FloatBuffer target = FloatBuffer.allocate((int) data.shape().elements());
    data.read(index, target);
    return target.array();
  }
}
