package org.distill4j.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/**
 * A key that stands for some components of a record.
 *
 * @param key as in YAML
 * @param kind what its value can be
 * @param names the components, as in Java
 * @param says its meaning in one line, or nothing
 * @param method gives the components' values
 */
record Alternative(String key, Kind kind, List<String> names, String says, Method method) {
  static Alternative of(Method method) {
    Describe says = method.getAnnotation(Describe.class);
    method.setAccessible(true);
    return new Alternative(
        Spelling.kebab(method.getName()),
        Kind.of(method.getGenericParameterTypes()[0]),
        List.of(method.getAnnotation(InsteadOf.class).value()),
        says == null ? "" : says.value(),
        method);
  }

  /**
   * The components' values.
   *
   * @throws IllegalArgumentException if the method refuses the value
   */
  List<?> values(Object value) {
    try {
      return (List<?>) method.invoke(null, value);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(method + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " is out of reach", e);
    }
  }

  /** The keys that it stands for: {@code hard and soft}. */
  String keys() {
    return String.join(" and ", names.stream().map(Spelling::kebab).toList());
  }
}
