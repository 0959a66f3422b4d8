package org.distill4j.recipe.binding;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.distill4j.settings.InsteadOf;
import org.distill4j.settings.Says;
import org.distill4j.settings.Shorthand;

/** A record: a mapping with a key for each component. */
final class Fields implements Kind {
  private static final ClassValue<Fields> KNOWN =
      new ClassValue<>() {
        @Override
        protected Fields computeValue(Class<?> type) {
          return new Fields(type);
        }
      };

  private final Class<?> type;
  // Found at the first use, for a record may contain its own type.
  private volatile List<Field> all;
  private volatile List<Alternative> alternatives;

  private Fields(Class<?> type) {
    this.type = type;
  }

  /** The fields of a record. */
  static Fields of(Class<?> type) {
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
    Says says = type.getAnnotation(Says.class);
    return says == null ? "" : says.value();
  }

  /** The components in order. */
  List<Field> all() {
    if (all == null) {
      all = Arrays.stream(type.getRecordComponents()).map(Field::of).toList();
    }
    return all;
  }

  /** The keys that stand for several components. */
  List<Alternative> alternatives() {
    if (alternatives == null) {
      alternatives =
          Arrays.stream(type.getDeclaredMethods())
              .filter(m -> m.isAnnotationPresent(InsteadOf.class))
              .sorted(Comparator.comparing(Method::getName))
              .map(Alternative::of)
              .toList();
    }
    return alternatives;
  }

  /** The component that a bare value is, if a bare value may stand for the record. */
  Optional<Field> shorthand() {
    return type.isAnnotationPresent(Shorthand.class) ? Optional.of(all().get(0)) : Optional.empty();
  }

  /** Whether that bare value may stand for the record where its name is needed, too. */
  boolean standsAlone() {
    return type.isAnnotationPresent(Shorthand.class) && type.getAnnotation(Shorthand.class).alone();
  }

  /** The value of one component. */
  Object value(Field field, Object built) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(field.name())) {
        try {
          component.getAccessor().setAccessible(true);
          return component.getAccessor().invoke(built);
        } catch (IllegalAccessException | InvocationTargetException e) {
          throw new IllegalStateException(type + "." + field.name() + " cannot be read", e);
        }
      }
    }
    throw new IllegalArgumentException(field.name() + " (expected: a component of " + type + ")");
  }

  /**
   * Calls the canonical constructor.
   *
   * @throws RuntimeException what the constructor throws
   */
  Object build(Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
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
    return shorthand().map(f -> f.kind().expects() + " or " + mapping).orElse(mapping);
  }
}
