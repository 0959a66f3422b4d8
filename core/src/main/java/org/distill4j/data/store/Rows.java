package org.distill4j.data.store;

import java.util.List;
import java.util.Locale;

/**
 * Decoded examples as rows of bytes, wherever they are. Safe to read from several threads.
 *
 * <p>What decodes them is a {@link Source}; kept on disk, in memory or nowhere they are the same
 * bytes with the same digest.
 */
public interface Rows {
  /** What rows are decoded from. */
  interface Source {
    /** How many there are, those that cannot be decoded among them. */
    long count();

    /** How long each is. */
    int rowBytes();

    /** How many little-endian floats at a row's end are the truth. */
    int truths();

    /**
     * Decodes one; called from several threads.
     *
     * @throws Undecodable if it cannot be, for a reason that concerns it alone
     */
    byte[] decode(long index) throws Undecodable;

    /** How many may be passed over. */
    int mayMiss();
  }

  /** Why one example cannot be decoded: its name and the reason, in one line. */
  final class Undecodable extends Exception {
    private static final long serialVersionUID = 1;

    public Undecodable(String line) {
      super(line);
    }
  }

  /** How many there are. */
  long count();

  /** Copies a row to the start of the target. */
  void copy(long row, byte[] target);

  /** One of the numbers that are a row's truth. */
  float truth(long row, int place);

  /** The digest of all of it. */
  String sha256();

  /** What was passed over, one line each. */
  List<String> missed();

  /**
   * The same in a sentence; none if nothing was.
   *
   * @param what the rows are of
   */
  default List<String> notes(String what) {
    return missed().isEmpty()
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "%s: %,d of %,d examples skipped as unreadable: %s",
                what,
                missed().size(),
                count() + missed().size(),
                String.join("; ", missed())));
  }
}
