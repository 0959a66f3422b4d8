package org.distill4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.storage.Sha256;

/**
 * A data set without the examples of some classes, in their order, under indices of their own. The
 * classes keep their names and numbers: a net still has an answer for each. Holds four bytes for
 * each example.
 */
public final class OmittedClassesDataset extends DerivedDataset {
  private final int[] kept;
  private final String sha256;

  private OmittedClassesDataset(Dataset all, int[] kept, String sha256) {
    super(all);
    this.kept = kept;
    this.sha256 = sha256;
  }

  /**
   * Leaves classes out.
   *
   * @param omitted their names
   * @return the data set itself if there are none
   * @throws InputFault if one is no class of the data, the task is not a single label, or no two
   *     classes with examples are left
   */
  public static Dataset of(Dataset all, List<String> omitted) {
    if (omitted.isEmpty()) {
      return all;
    }
    boolean[] isOmitted = new boolean[all.classes().size()];
    for (String name : omitted) {
      int index = all.classes().indexOf(name);
      if (index < 0 || all.task() != TaskType.SINGLE_LABEL) {
        throw new InputFault(
            "omit: '%s' is no class of data '%s' (expected: one of %s)"
                .formatted(name, all.name(), String.join(", ", all.classes())));
      }
      isOmitted[index] = true;
    }
    int[] kept = new int[Math.toIntExact(all.size())];
    int count = 0;
    TreeSet<Integer> seen = new TreeSet<>();
    for (int i = 0; i < kept.length; i++) {
      int label = all.label(i);
      if (!isOmitted[label]) {
        kept[count++] = i;
        seen.add(label);
      }
    }
    if (seen.size() < 2) {
      throw new InputFault(
          "omit: %s leave %s classes with examples in data '%s' (expected: at least 2)"
              .formatted(omitted, seen.size(), all.name()));
    }
    String sha256 =
        Sha256.ofTexts(all.sha256(), "without", String.join("\n", new TreeSet<>(omitted)));
    return new OmittedClassesDataset(all, Arrays.copyOf(kept, count), sha256);
  }

  /** The data with the classes that were left out, if some were. */
  public static Dataset withoutOmission(Dataset data) {
    return data instanceof OmittedClassesDataset some ? some.all() : data;
  }

  @Override
  public long indexInAll(long index) {
    return kept[(int) Objects.checkIndex(index, size())];
  }

  @Override
  public long size() {
    return kept.length;
  }

  @Override
  public String sha256() {
    return sha256;
  }
}
