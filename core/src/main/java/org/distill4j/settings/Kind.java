package org.distill4j.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a setting can be, read off the Java type of its record component. */
sealed interface Kind permits Kind.One, Kind.Many, Kind.Named, Kind.Maybe, RecordKind, Variants {
  /** The words for it in a fault: {@code a whole number}. */
  String expects();

  /** A single value. */
  sealed interface One extends Kind permits Whole, Decimal, Truth, Text, File, Choice {}

  /** {@code int} or {@code long}. */
  record Whole(boolean wide) implements One {
    /** The least value. */
    long least() {
      return wide ? Long.MIN_VALUE : Integer.MIN_VALUE;
    }

    /** The greatest value. */
    long most() {
      return wide ? Long.MAX_VALUE : Integer.MAX_VALUE;
    }

    @Override
    public String expects() {
      return "a whole number";
    }
  }

  /** {@code double}. */
  record Decimal() implements One {
    @Override
    public String expects() {
      return "a number";
    }
  }

  /** {@code boolean}. */
  record Truth() implements One {
    @Override
    public String expects() {
      return "true or false";
    }
  }

  /** {@code String}: any scalar as it is written, so that a name may be a number. */
  record Text() implements One {
    @Override
    public String expects() {
      return "text";
    }
  }

  /** {@code Path}; a relative one is relative to the folder of where it was written. */
  record File() implements One {
    @Override
    public String expects() {
      return "a path";
    }
  }

  /** An enum, its constants spelled in kebab-case. */
  record Choice(Class<?> type) implements One {
    /** The spellings, in the order of the constants. */
    List<String> names() {
      return constants().stream().map(Choice::name).toList();
    }

    /** The constant with that spelling. */
    Optional<Enum<?>> constant(String name) {
      return constants().stream().filter(c -> name(c).equals(name)).findFirst();
    }

    /** The spelling of a constant. */
    static String name(Enum<?> constant) {
      return Spelling.kebab(constant.name());
    }

    private List<Enum<?>> constants() {
      return Arrays.<Enum<?>>asList((Enum<?>[]) type.getEnumConstants());
    }

    @Override
    public String expects() {
      return Spelling.oneOf(names());
    }
  }

  /** {@code List}. */
  record Many(Kind element) implements Kind {
    @Override
    public String expects() {
      return element instanceof Choice ? "a list of " + element.expects() : "a list";
    }
  }

  /** {@code Map} of an enum: a value under some of its constants' names. */
  record Named(Choice name, Kind element) implements Kind {
    @Override
    public String expects() {
      return "a mapping from " + name.expects();
    }
  }

  /** {@code Optional}: the key may be left out. */
  record Maybe(Kind element) implements Kind {
    @Override
    public String expects() {
      return element.expects();
    }
  }

  /**
   * The kind of a Java type.
   *
   * @throws IllegalArgumentException if settings cannot be of that type
   */
  static Kind of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Kind element = of(generic.getActualTypeArguments()[0]);
      if (generic.getRawType() == Map.class && element instanceof Choice name) {
        return new Named(name, of(generic.getActualTypeArguments()[1]));
      }
      if (generic.getRawType() == List.class) {
        return new Many(element);
      } else if (generic.getRawType() == Optional.class) {
        return new Maybe(element);
      }
    } else if (type instanceof Class<?> plain) {
      if (plain == int.class || plain == Integer.class) {
        return new Whole(false);
      } else if (plain == long.class || plain == Long.class) {
        return new Whole(true);
      } else if (plain == double.class || plain == Double.class) {
        return new Decimal();
      } else if (plain == boolean.class || plain == Boolean.class) {
        return new Truth();
      } else if (plain == String.class) {
        return new Text();
      } else if (plain == Path.class) {
        return new File();
      } else if (plain.isEnum()) {
        return new Choice(plain);
      } else if (plain.isRecord()) {
        return RecordKind.of(plain);
      } else if (plain.isSealed()) {
        return new Variants(plain);
      }
    }
    throw new IllegalArgumentException(
        type
            + " (expected: a number, boolean, String, Path, enum, record, sealed interface of"
            + " records, a List or Optional of these, or a Map from an enum)");
  }
}
