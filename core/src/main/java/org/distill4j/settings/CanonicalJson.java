package org.distill4j.settings;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings as JSON of which there is one spelling: keys sorted, no white space, each number in the
 * fewest digits that read back as the same, as RFC 8785 has it; whole numbers are exact however
 * long.
 *
 * <p>A record is an object of its components that have a value, and one that is a variant of a
 * sealed type is wrapped under its YAML word: {@code {"cosine":{"end":0,"rate":0.002,"warmup":0}}}.
 * All names are those of the YAML file, so neither the class of a record that is no variant nor the
 * order of its components can be told from it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785, JSON Canonicalization Scheme</a>
 */
final class CanonicalJson {
  private static final int DIGITS = 17; // that tell any two doubles apart
  private static final int PLAIN_UP_TO = 21; // digits before the point, as ECMAScript writes them
  private static final int PLAIN_DOWN_TO = -6; // as many zeros behind the point

  private final StringBuilder text = new StringBuilder();

  private CanonicalJson() {}

  /**
   * The JSON text.
   *
   * @param value a number, truth value, text, path, enum or record, or a list or a map from texts
   *     or enums of these
   * @throws IllegalArgumentException if it is something else, or a number is not finite
   */
  static String of(Object value) {
    CanonicalJson json = new CanonicalJson();
    json.value(value);
    return json.text.toString();
  }

  private void value(Object value) {
    if (value instanceof Double || value instanceof Float) {
      text.append(number(((Number) value).doubleValue()));
    } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof String || value instanceof Path) {
      text(value.toString());
    } else if (value instanceof Enum<?> constant) {
      text(Kind.Choice.name(constant));
    } else if (value instanceof List<?> list) {
      list(list);
    } else if (value instanceof Map<?, ?> map) {
      SortedMap<String, Object> sorted = new TreeMap<>();
      map.forEach((name, each) -> putIfThere(sorted, name(name), each));
      object(sorted);
    } else if (value instanceof Record record) {
      record(record);
    } else {
      throw new IllegalArgumentException(
          value + " (expected: a number, boolean, text, path, enum, record, list or map)");
    }
  }

  private static String name(Object name) {
    return name instanceof Enum<?> constant ? Kind.Choice.name(constant) : (String) name;
  }

  private static void putIfThere(Map<String, Object> map, String name, Object value) {
    if (value instanceof Optional<?> maybe) {
      maybe.ifPresent(v -> map.put(name, v));
    } else {
      map.put(name, value);
    }
  }

  private void record(Record value) {
    RecordKind fields = RecordKind.of(value.getClass());
    SortedMap<String, Object> components = new TreeMap<>();
    for (Field field : fields.all()) {
      putIfThere(components, field.key(), fields.value(field, value));
    }
    if (isVariant(value.getClass())) {
      object(new TreeMap<>(Map.of(fields.key(), components)));
    } else {
      object(components);
    }
  }

  private static boolean isVariant(Class<?> type) {
    for (Class<?> parent : type.getInterfaces()) {
      if (parent.isSealed() || isVariant(parent)) {
        return true;
      }
    }
    return false;
  }

  private void object(SortedMap<String, Object> entries) {
    String separator = "{";
    for (Map.Entry<String, Object> entry : entries.entrySet()) {
      text.append(separator);
      text(entry.getKey());
      text.append(':');
      value(entry.getValue());
      separator = ",";
    }
    text.append(entries.isEmpty() ? "{}" : "}");
  }

  private void list(List<?> list) {
    String separator = "[";
    for (Object each : list) {
      text.append(separator);
      value(each);
      separator = ",";
    }
    text.append(list.isEmpty() ? "[]" : "]");
  }

  private void text(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> text.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c);
      }
    }
    text.append('"');
  }

  /** As ECMAScript writes it; the digits do not depend on the JDK, as those of toString do. */
  private static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(value + " (expected: a finite number)");
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal shortest = shortest(value).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale(); // value = 0.digits x 10^exponent
    if (exponent > PLAIN_DOWN_TO && exponent <= PLAIN_UP_TO) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    String sign = value < 0 ? "-" : "";
    String power = (exponent > 0 ? "+" : "-") + Math.abs(exponent - 1); // in any locale
    return sign + digits.charAt(0) + fraction + "e" + power;
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        return rounded;
      }
    }
    return exact.round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
  }
}
