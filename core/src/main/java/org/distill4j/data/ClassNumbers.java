package org.distill4j.data;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.distill4j.storage.Sha256;

/**
 * The classes of labels that are numbers without names. Labels from 0 on are the classes 0 to the
 * largest, if at least half of them are there; all others are the classes that there are: 1 to 4
 * are four.
 */
public final class ClassNumbers {
  private final int[] numbers; // of the classes; null: each is its own place
  private final int[] places; // of the numbers plus one, -1 for none
  private final int count;

  private ClassNumbers(int[] numbers, int count) {
    this.numbers = numbers;
    this.count = count;
    int most = numbers == null ? -2 : Arrays.stream(numbers).max().orElse(-2);
    this.places = new int[most + 2];
    Arrays.fill(places, -1);
    for (int i = 0; numbers != null && i < numbers.length; i++) {
      places[numbers[i] + 1] = i;
    }
  }

  /** Labels that are places already. */
  public static ClassNumbers places(int count) {
    return new ClassNumbers(null, count);
  }

  /** The classes of names: numbers if all of them are whole ones, else places. */
  public static ClassNumbers named(List<String> names) {
    boolean all = names.stream().allMatch(name -> name.matches("[0-9]{1,4}(\\.0*)?"));
    return all && !names.equals(numbersTo(names.size()))
        ? new ClassNumbers(
            names.stream().mapToInt(name -> (int) Double.parseDouble(name)).toArray(), names.size())
        : places(names.size());
  }

  /** Whether a label is a place. */
  public boolean arePlaces() {
    return numbers == null;
  }

  /**
   * The classes of some labels.
   *
   * @param met the labels plus one: -1 goes with 1 as the other of two classes
   */
  public static ClassNumbers of(BitSet met) {
    int most = Math.max(1, met.length() - 1); // the largest label, plus one
    if (!met.get(0) && met.get(1) && 2 * met.cardinality() >= most) {
      return places(most);
    }
    int[] numbers = met.stream().map(bit -> bit - 1).toArray();
    return new ClassNumbers(numbers, numbers.length);
  }

  /** Whether labels of -1 are one of two classes, or else faults. */
  public static boolean isSign(BitSet met) {
    BitSet others = (BitSet) met.clone();
    others.clear(0);
    others.clear(2);
    return others.isEmpty();
  }

  /** The place of a label; -1 if no class has it. */
  public int place(int label) {
    return numbers == null ? label : label + 1 < places.length ? places[label + 1] : -1;
  }

  /** What they are called. */
  public List<String> names() {
    return numbers == null
        ? numbersTo(count)
        : Arrays.stream(numbers).mapToObj(Integer::toString).toList();
  }

  /**
   * The digest of data whose labels are these, given that of the data with their labels as numbers.
   */
  public String sha256(String content) {
    return numbers == null
        ? content
        : Sha256.ofTexts("class numbers", content, Arrays.toString(numbers));
  }

  /** The names {@code 0} to {@code count - 1}. */
  public static List<String> numbersTo(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
