package org.distill4j.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Values as texts for digests that lie in files: of tables in a model's lineage, of views in soft
 * labels, of trainings in checkpoints. Files of earlier versions hold such digests, so a record's
 * text is written down beside it by {@link DigestedAs} and never derived from its class.
 *
 * <pre>{@code Linear[from=0.9, to=0.1, start=0.0, end=1.0]}</pre>
 */
public final class DigestText {
  private DigestText() {}

  /**
   * The text of a value: numbers and truth values as Java writes them, texts as they are, an enum's
   * constant by its name, a list in brackets, a record as {@link DigestedAs} says.
   *
   * @throws IllegalArgumentException if a record does not say how, or names other components than
   *     it has
   */
  public static String of(Object value) {
    if (value instanceof Record record) {
      return ofRecord(record);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(DigestText::of).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Optional<?> maybe) {
      return maybe.map(v -> "Optional[" + of(v) + "]").orElse("Optional.empty");
    }
    return value instanceof Enum<?> constant ? constant.name() : value.toString();
  }

  private static String ofRecord(Record value) {
    Class<?> type = value.getClass();
    DigestedAs written = type.getAnnotation(DigestedAs.class);
    if (written == null) {
      throw new IllegalArgumentException(
          type + ": no @DigestedAs (expected: one, as it is digested)");
    }
    int bracket = written.value().indexOf('[');
    String inside = written.value().substring(bracket + 1).replace("]", "");
    List<String> names = Arrays.asList(inside.split(", "));
    require(type, names);
    return bracket < 0
        ? of(component(value, names.get(0)))
        : names.stream()
            .filter(name -> !name.endsWith("?") || isThere(component(value, plain(name))))
            .map(name -> plain(name) + "=" + of(component(value, plain(name))))
            .collect(Collectors.joining(", ", written.value().substring(0, bracket + 1), "]"));
  }

  private static void require(Class<?> type, List<String> names) {
    Set<String> components =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toSet());
    if (names.size() != components.size()
        || !components.containsAll(names.stream().map(DigestText::plain).toList())) {
      throw new IllegalArgumentException(
          "%s: @DigestedAs names %s (expected: its components %s)"
              .formatted(type, names, components));
    }
  }

  private static String plain(String name) {
    return name.replace("?", "");
  }

  private static boolean isThere(Object component) {
    return !component.equals(Optional.empty()) && !component.equals(List.of());
  }

  private static Object component(Record value, String name) {
    try {
      var accessor = value.getClass().getDeclaredMethod(name);
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
      throw new IllegalStateException(value.getClass() + "." + name + " cannot be read", cause);
    }
  }
}
