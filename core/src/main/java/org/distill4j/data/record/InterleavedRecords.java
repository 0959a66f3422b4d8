package org.distill4j.data.record;

import java.util.List;
import java.util.stream.Collectors;
import org.distill4j.records.Example;
import org.distill4j.records.RecordFile;
import org.distill4j.storage.Sha256;

/** The records of several files, which take turns: the first of each, the second of each. */
final class InterleavedRecords {
  private final List<RecordFile> files;
  private final int[] fileOf;
  private final int[] placeIn;

  private InterleavedRecords(List<RecordFile> files, int count) {
    this.files = List.copyOf(files);
    this.fileOf = new int[count];
    this.placeIn = new int[count];
  }

  /** A file that has no more records is passed over. */
  static InterleavedRecords of(List<RecordFile> files) {
    int count = files.stream().mapToInt(RecordFile::count).sum();
    InterleavedRecords all = new InterleavedRecords(files, count);
    int at = 0;
    for (int turn = 0; at < count; turn++) {
      for (int f = 0; f < files.size(); f++) {
        if (turn < files.get(f).count()) {
          all.fileOf[at] = f;
          all.placeIn[at++] = turn;
        }
      }
    }
    return all;
  }

  int count() {
    return fileOf.length;
  }

  /** What messages call the files. */
  String names() {
    return files.stream().map(RecordFile::name).collect(Collectors.joining(", "));
  }

  /** The digest of all records in their order. */
  String sha256() {
    return Sha256.ofTexts(files.stream().map(RecordFile::sha256).toArray(String[]::new));
  }

  /** What messages call a record. */
  String name(int index) {
    return files.get(fileOf[index]).name() + ": record " + placeIn[index];
  }

  Example example(int index) {
    return Example.read(files.get(fileOf[index]).record(placeIn[index]), name(index));
  }
}
