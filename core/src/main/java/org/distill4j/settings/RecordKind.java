package org.distill4j.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A record: a mapping with a key for each component. */
final class RecordKind implements Kind {
  private static final ClassValue<RecordKind> KNOWN =
      new ClassValue<>() {
        @Override
        protected RecordKind computeValue(Class<?> type) {
          return new RecordKind(type);
        }
      };

  private final Class<?> type;
  // Found at the first use, for a record may contain its own type.
  private volatile List<Field> all;
  private volatile List<Alternative> alternatives;

  private RecordKind(Class<?> type) {
    this.type = type;
  }

  /** The fields of a record. */
  static RecordKind of(Class<?> type) {
    return KNOWN.get(type);
  }

  /** The record's class. */
  Class<?> type() {
    return type;
  }

  /** The name under which a sealed type knows it. */
  String key() {
    return Spelling.kebab(type.getSimpleName());
  }

  /** Its meaning in one line, or nothing. */
  String says() {
    Describe says = type.getAnnotation(Describe.class);
    return says == null ? "" : says.value();
  }

  /**
   * The components that have a key, in the order of the keys; an unwrapped record's stand for it.
   *
   * @throws IllegalArgumentException if two share a name, or the order leaves one out
   */
  List<Field> all() {
    if (all == null) {
      Map<String, Field> byName = new LinkedHashMap<>();
      for (RecordComponent component : type.getRecordComponents()) {
        for (Field field : fields(component)) {
          if (byName.put(field.name(), field) != null) {
            throw new IllegalArgumentException(
                "%s: '%s' twice (expected: names that no unwrapped record shares)"
                    .formatted(type, field.name()));
          }
        }
      }
      all = ordered(byName);
    }
    return all;
  }

  private List<Field> ordered(Map<String, Field> byName) {
    KeyOrder order = type.getAnnotation(KeyOrder.class);
    if (order == null) {
      return List.copyOf(byName.values());
    }
    List<String> names = List.of(order.value());
    if (names.size() != byName.size() || !byName.keySet().containsAll(names)) {
      throw new IllegalArgumentException(
          "%s: key order %s (expected: each of %s once)".formatted(type, names, byName.keySet()));
    }
    return names.stream().map(byName::get).toList();
  }

  private static List<Field> fields(RecordComponent component) {
    return unwrapped(component).map(RecordKind::all).orElseGet(() -> List.of(Field.of(component)));
  }

  /** The record whose components stand for a component, if it is unwrapped. */
  private static Optional<RecordKind> unwrapped(RecordComponent component) {
    if (!component.isAnnotationPresent(Unwrapped.class)) {
      return Optional.empty();
    }
    if (!component.getType().isRecord() || component.isAnnotationPresent(Default.class)) {
      throw new IllegalArgumentException(
          "unwrapped %s (expected: a record without a default)".formatted(component));
    }
    return Optional.of(RecordKind.of(component.getType()));
  }

  /** The keys that stand for several components. */
  List<Alternative> alternatives() {
    if (alternatives == null) {
      Stream<Alternative> own =
          Arrays.stream(type.getDeclaredMethods())
              .filter(m -> m.isAnnotationPresent(InsteadOf.class))
              .sorted(Comparator.comparing(Method::getName))
              .map(Alternative::of);
      Stream<Alternative> inner =
          Arrays.stream(type.getRecordComponents())
              .flatMap(component -> unwrapped(component).stream())
              .flatMap(fields -> fields.alternatives().stream());
      alternatives = Stream.concat(own, inner).toList();
    }
    return alternatives;
  }

  /** The component that a bare value is, if a bare value may stand for the record. */
  Optional<Field> shorthand() {
    return type.isAnnotationPresent(Shorthand.class) ? Optional.of(all().get(0)) : Optional.empty();
  }

  /** The words that may stand for the record, in their order. */
  List<String> presets() {
    return Arrays.stream(type.getAnnotationsByType(Preset.class)).map(Preset::name).toList();
  }

  /** What a word stands for. */
  Optional<Tree> preset(String word) {
    return Arrays.stream(type.getAnnotationsByType(Preset.class))
        .filter(p -> p.name().equals(word))
        .map(p -> new Fallback(word, p.value()).tree())
        .findFirst();
  }

  /** Whether that bare value may stand for the record where its name is needed, too. */
  boolean standsAlone() {
    return type.isAnnotationPresent(Shorthand.class) && type.getAnnotation(Shorthand.class).alone();
  }

  /** The value of one component. */
  Object value(Field field, Object built) {
    for (RecordComponent component : type.getRecordComponents()) {
      Optional<RecordKind> inner = unwrapped(component);
      if (inner.isPresent()
          && inner.get().all().stream().anyMatch(f -> f.name().equals(field.name()))) {
        return inner.get().value(field, read(component, built));
      } else if (inner.isEmpty() && component.getName().equals(field.name())) {
        return read(component, built);
      }
    }
    throw new IllegalArgumentException(field.name() + " (expected: a component of " + type + ")");
  }

  private Object read(RecordComponent component, Object built) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(built);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(type + "." + component.getName() + " cannot be read", e);
    }
  }

  /**
   * Calls the canonical constructor, those of unwrapped records before it.
   *
   * @param values of the components that have a key, by their names
   * @throws RuntimeException what a constructor throws
   */
  Object build(Function<String, Object> values) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Optional<RecordKind> inner = unwrapped(components[i]);
      arguments[i] =
          inner.isPresent() ? inner.get().build(values) : values.apply(components[i].getName());
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(type + " cannot be built", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no reachable constructor", e);
    }
  }

  @Override
  public String expects() {
    String mapping = "a mapping with " + String.join(", ", all().stream().map(Field::key).toList());
    return shorthand()
        .map(f -> f.kind().expects() + " or " + mapping)
        .orElse(presets().isEmpty() ? mapping : String.join(", ", presets()) + " or " + mapping);
  }
}
