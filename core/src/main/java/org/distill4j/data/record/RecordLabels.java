package org.distill4j.data.record;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.distill4j.data.ClassNumbers;
import org.distill4j.data.cells.ClassNames;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.records.Example;
import org.distill4j.settings.DigestText;
import org.distill4j.table.Cells;

/**
 * The feature of a record that is the truth, and the classes or numbers that it has.
 *
 * @param feature its name
 * @param classes of a regression, its numbers' names
 * @param names which class a label means, be it a text or a number
 */
record RecordLabels(String feature, TaskType task, List<String> classes, ClassNames names) {
  private static final int MOST_CLASSES = 1 << 16;

  /** So many bytes of a label are shown. */
  private static final int SHOWN = 16;

  RecordLabels {
    classes = List.copyOf(classes);
  }

  /**
   * @param said the classes; none: those that the records have
   */
  static RecordLabels of(
      InterleavedRecords records, String feature, TaskType task, List<String> said) {
    if (task == TaskType.REGRESSION) {
      int count = RecordInput.feature(records.example(0), feature, records.name(0)).count();
      List<String> names =
          count == 1
              ? List.of(feature)
              : ClassNumbers.numbersTo(count).stream().map(n -> feature + " " + n).toList();
      LargeNumbers.require(records, feature);
      return collected(feature, task, said.isEmpty() ? names : said);
    }
    requireSome(records, feature, task);
    if (!said.isEmpty()) {
      return new RecordLabels(feature, task, said, new ClassNames(said, true));
    }
    return collected(feature, task, found(records, feature, task));
  }

  /** The classes that the records have. */
  private static List<String> found(InterleavedRecords records, String feature, TaskType task) {
    TreeSet<String> names = new TreeSet<>();
    BitSet met = new BitSet(); // labels that are numbers, plus one
    for (int i = 0; i < records.count(); i++) {
      Example.Feature label = label(records.example(i), feature, task, records.name(i));
      if (label instanceof Example.Bytes texts) {
        for (byte[] text : texts.values()) {
          names.add(text(text, feature, records.name(i)));
        }
        requireFew(names, feature, records.name(i));
      } else if (label instanceof Example.Numbers labels) {
        for (float number : labels.values()) {
          met.set(1 + whole(number, records.name(i)));
        }
      }
    }
    requireSign(met, records);
    if (!names.isEmpty()) {
      return both(names, met, records, feature);
    }
    return task == TaskType.SINGLE_LABEL
        ? ClassNumbers.of(met).names()
        : ClassNumbers.numbersTo(Math.max(1, met.length() - 1));
  }

  /** The classes of texts, and of the numbers beside them where the texts are numbers too. */
  private static List<String> both(
      TreeSet<String> texts, BitSet met, InterleavedRecords records, String feature) {
    Set<String> all = new TreeSet<>(texts);
    met.stream().forEach(bit -> all.add(Integer.toString(bit - 1)));
    Optional<String> word =
        texts.stream().filter(text -> Double.isNaN(Cells.wide(text))).findFirst();
    if (!met.isEmpty() && word.isPresent()) {
      throw new InputFault(
          "%s: feature '%s' is the number %s in some records and the text '%s' in others (expected: one kind, or the setting classes, whose places the numbers are)"
              .formatted(records.names(), feature, met.nextSetBit(0) - 1, word.get()));
    }
    return ClassNames.collected(all);
  }

  /** So many different texts are no classes; they are refused before they fill the heap. */
  private static void requireFew(TreeSet<String> names, String feature, String record) {
    if (names.size() > MOST_CLASSES) {
      throw new InputFault(
          String.format(
              Locale.ROOT,
              "%s: feature '%s' has more than %,d different texts up to here, such as '%s' (expected: classes)",
              record,
              feature,
              MOST_CLASSES,
              names.first()));
    }
  }

  /** A record's labels; none is said by their absence where a record may have several. */
  private static Example.Feature label(
      Example example, String feature, TaskType task, String record) {
    Example.Feature found = example.features().get(feature);
    boolean none = found == null || found.count() == 0;
    return none && task == TaskType.MULTI_LABEL
        ? new Example.Bytes(List.of())
        : RecordInput.feature(example, feature, record);
  }

  /** Where no record has a label, its feature is called otherwise. */
  private static void requireSome(InterleavedRecords records, String feature, TaskType task) {
    for (int i = 0; task == TaskType.MULTI_LABEL && i < records.count(); i++) {
      if (label(records.example(i), feature, task, records.name(i)).count() > 0) {
        return;
      }
    }
    RecordInput.feature(records.example(0), feature, records.name(0));
  }

  private static RecordLabels collected(String feature, TaskType task, List<String> classes) {
    return new RecordLabels(feature, task, classes, new ClassNames(classes, false));
  }

  private static void requireSign(BitSet met, InterleavedRecords records) {
    if (met.get(0) && !ClassNumbers.isSign(met)) {
      throw new InputFault(
          "%s: labels -1 and %s (expected: classes from 0 on, or -1 and 1)"
              .formatted(
                  records.names(),
                  met.stream()
                      .skip(1)
                      .limit(5)
                      .mapToObj(bit -> Integer.toString(bit - 1))
                      .collect(Collectors.joining(", "))));
    }
  }

  private static int whole(float number, String record) {
    if (!(number >= -1 && number < MOST_CLASSES) || number != (int) number) {
      throw new InputFault(
          "%s: label %s (expected: a class, 0 to %s)".formatted(record, number, MOST_CLASSES - 1));
    }
    return (int) number;
  }

  /** Bytes as UTF-8; others are refused, as what replaces them would make one of two labels. */
  private static String text(byte[] bytes, String feature, String record) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      String shown = HexFormat.of().formatHex(bytes, 0, Math.min(SHOWN, bytes.length));
      throw new InputFault(
          "%s: feature '%s' has the bytes 0x%s%s, which are not UTF-8 (expected: a label in UTF-8)"
              .formatted(record, feature, shown, bytes.length > SHOWN ? "..." : ""));
    }
  }

  /** How many numbers are the truth about an example. */
  int truths() {
    return task == TaskType.SINGLE_LABEL ? 1 : classes.size();
  }

  /** All that the truth is a function of beside the files. */
  String describe() {
    return DigestText.of(List.of(feature, task, classes, "counted " + names.counts()));
  }

  /** Writes the truth about an example into its row. */
  void put(Example example, String record, ByteBuffer row) {
    Example.Feature said = label(example, feature, task, record);
    if (task == TaskType.REGRESSION) {
      putNumbers(said, record, row);
      return;
    }
    if (task == TaskType.SINGLE_LABEL && said.count() != 1) {
      throw new InputFault(
          "%s: feature '%s' has %s values (expected: 1; several need task: multi-label)"
              .formatted(record, feature, said.count()));
    }
    float[] has = new float[classes.size()];
    for (int i = 0; i < said.count(); i++) {
      int place = place(said, i, record);
      has[place] = 1;
      if (task == TaskType.SINGLE_LABEL) {
        row.putFloat(place);
        return;
      }
    }
    for (float one : has) {
      row.putFloat(one);
    }
  }

  private int place(Example.Feature said, int index, String record) {
    String label =
        said instanceof Example.Numbers labels
            ? Integer.toString(whole(labels.values()[index], record))
            : text(((Example.Bytes) said).values().get(index), feature, record);
    int place = names.place(label);
    if (place < 0) {
      throw new InputFault(
          "%s: label '%s' (expected: one of %s)"
              .formatted(record, label, classes.subList(0, Math.min(10, classes.size()))));
    }
    return place;
  }

  private void putNumbers(Example.Feature said, String record, ByteBuffer row) {
    float[] values = said instanceof Example.Numbers n ? n.values() : new float[0];
    if (values.length != classes.size()) {
      throw new InputFault(
          "%s: feature '%s' has %s numbers (expected: %s)"
              .formatted(record, feature, values.length, classes.size()));
    }
    for (float number : values) {
      if (!Float.isFinite(number)) {
        throw new InputFault(
            "%s: feature '%s' has %s (expected: a finite number)"
                .formatted(record, feature, number));
      }
      row.putFloat(number);
    }
  }
}
