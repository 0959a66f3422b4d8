package org.distill4j.distill;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;

/** Which of a teacher's outputs each of the data's classes is, by their names. */
final class OutputClasses {
  private static final int SHOWN = 20;

  private OutputClasses() {}

  /**
   * The output of each of the data's classes; outputs of other classes are left over. Names that
   * are one number are the same. Names 0, 1, 2, ... of data that name their classes otherwise are
   * places.
   *
   * @param teacher its name in messages
   * @param names of its outputs, in order
   * @return empty where the names tell nothing but places
   * @throws InputFault if a name is there twice, or a class of the data is not there
   */
  static Optional<int[]> of(String teacher, List<String> names, Dataset data) {
    if (new HashSet<>(names).size() != names.size()) {
      throw new InputFault("%s classes: %s (expected: each once)".formatted(teacher, shown(names)));
    }
    List<String> classes = data.classes();
    int[] outputs = classes.stream().mapToInt(c -> find(names, c)).toArray();
    List<String> missing =
        IntStream.range(0, outputs.length)
            .filter(c -> outputs[c] < 0)
            .mapToObj(classes::get)
            .toList();
    if (missing.isEmpty()) {
      return Optional.of(outputs);
    }
    if (missing.size() == classes.size() && arePlaces(names) && names.size() == classes.size()) {
      return Optional.empty();
    }
    List<String> surplus = new ArrayList<>(names);
    classes.forEach(c -> surplus.remove(find(names, c) < 0 ? null : names.get(find(names, c))));
    throw new InputFault(
        "%s classes: has %s too many, lacks %s (expected: the classes of data '%s'); name its outputs by teacher.classes, or choose a teacher of these classes"
            .formatted(teacher, shown(surplus), shown(missing), data.name()));
  }

  private static int find(List<String> names, String wanted) {
    int exact = names.indexOf(wanted);
    if (exact >= 0) {
      return exact;
    }
    return number(wanted)
        .flatMap(
            n ->
                IntStream.range(0, names.size())
                    .filter(i -> number(names.get(i)).filter(m -> m.compareTo(n) == 0).isPresent())
                    .boxed()
                    .findFirst())
        .orElse(-1);
  }

  private static Optional<BigDecimal> number(String name) {
    try {
      return Optional.of(new BigDecimal(name));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean arePlaces(List<String> names) {
    return IntStream.range(0, names.size()).allMatch(i -> names.get(i).equals("" + i));
  }

  private static String shown(List<String> names) {
    return names.size() <= SHOWN
        ? names.toString()
        : names.subList(0, SHOWN) + " and " + (names.size() - SHOWN) + " more";
  }
}
