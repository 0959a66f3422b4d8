package org.distill4j.data.source;

import java.util.List;

/** A data set whose files are published somewhere, each with a known digest. */
interface Published {
  /**
   * One file.
   *
   * @param name without {@code .gz}
   * @param sha256 of the raw content, so that it does not matter who packed it
   * @param published what the publisher calls it
   */
  record KnownFile(String name, String sha256, String published) {
    /** A file that is published packed. */
    KnownFile(String name, String sha256) {
      this(name, sha256, name + ".gz");
    }
  }

  /** What people call it. */
  String name();

  /** The address that the files' names are appended to. */
  String publisher();

  /** All of its files. */
  List<KnownFile> files();
}
