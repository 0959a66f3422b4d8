package org.distill4j.data.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.records.Example;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnFit;
import org.distill4j.table.FloatRange;
import org.distill4j.table.Scaling;
import org.distill4j.table.Table;

/**
 * Numbers that floats of 32 bits do not tell apart: all times of a day in milliseconds since 1970
 * are 660 floats. They are scaled before they are shortened, as a table's are, or refused where
 * nothing could tell a model of it. All records are looked at.
 */
final class LargeNumbers {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is seen of the numbers of one place. */
  private record Seen(ColumnFit.Numbers fit, FloatRange range) {
    Seen(String name) {
      this(
          new ColumnFit.Numbers(new Column.Quantity(name, false, 0, 1, false), Scaling.STANDARD),
          new FloatRange());
    }

    void add(double number) {
      fit.add(number);
      range.add(number);
    }

    boolean isLost() {
      return range.isLost();
    }
  }

  private LargeNumbers() {}

  /**
   * The scaling of an input; a table without columns where floats hold it well enough. It is found
   * once for one key.
   *
   * @param label what the truth is called
   * @param key 64 hex digits of the records
   */
  static Table scaling(
      InterleavedRecords records, RecordInput input, String label, String key, UnpackedFolder at) {
    MappedFile kept =
        at.open(
                Sha256.ofTexts("large numbers 1", input.describe(), label, key),
                channel ->
                    AtomicFile.writeFully(
                        channel,
                        ByteBuffer.wrap(
                            JSON.writeValueAsBytes(
                                new Table(columns(records, input), List.of(label), List.of())))))
            .file();
    byte[] bytes = new byte[(int) kept.size()];
    kept.copy(0, bytes, bytes.length);
    try {
      return JSON.readValue(new String(bytes, StandardCharsets.UTF_8), Table.class);
    } catch (JsonProcessingException e) {
      throw new RunFault(kept.path() + ": cannot be read; delete it", e);
    }
  }

  private static List<Column> columns(InterleavedRecords records, RecordInput input) {
    List<Seen> seen = new ArrayList<>();
    input.columnNames().forEach(name -> seen.add(new Seen(name)));
    for (int i = 0; i < records.count(); i++) {
      double[] numbers = input.numbers(records.example(i), records.name(i));
      for (int n = 0; n < numbers.length; n++) {
        seen.get(n).add(numbers[n]);
      }
    }
    if (seen.stream().noneMatch(Seen::isLost)) {
      return List.of();
    }
    if (input.form().shape().rank() > 1) {
      refuse(records, input.feature(), seen);
    }
    return seen.stream().map(each -> each.fit.column()).toList();
  }

  /** Refuses a truth of numbers of which too little is left. */
  static void require(InterleavedRecords records, String feature) {
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < records.count(); i++) {
      Example.Feature found = records.example(i).features().get(feature);
      if (found instanceof Example.Numbers numbers) {
        if (!numbers.areWhole()) {
          return;
        }
        while (seen.size() < numbers.count()) {
          seen.add(new Seen(feature));
        }
        for (int n = 0; n < numbers.count(); n++) {
          seen.get(n).add(numbers.wide(n));
        }
      }
    }
    refuse(records, feature, seen);
  }

  private static void refuse(InterleavedRecords records, String feature, List<Seen> seen) {
    for (Seen each : seen) {
      if (each.isLost()) {
        throw new InputFault(
            String.format(
                Locale.ROOT,
                "%s: feature '%s' goes from %.0f to %.0f, in which floats of 32 bits tell %.0f numbers apart (expected: at least %,d); write it less its least, or in another unit",
                records.names(),
                feature,
                each.range.least(),
                each.range.most(),
                each.range.steps() + 1,
                FloatRange.STEPS));
      }
    }
  }
}
